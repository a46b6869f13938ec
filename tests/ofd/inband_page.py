#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""What cvsw-inband(7) has for controllers to be copied, as it is printed there.

    inband_page.py      the commands that set up Open vSwitch"""

import os
import re

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    '../../libcvsw/cvsw-inband.7')


def blocks():
    """the examples of the section, in its order"""
    with open(PAGE, encoding='utf-8') as file:
        text = file.read()
    section, = re.findall(r'^\.SH BY AN OPENFLOW CONTROLLER\n(.*?)^\.SH ', text,
                          re.S | re.M)
    found = re.findall(r'^\.nf\n(.*?)^\.fi\n', section, re.S | re.M)
    return [one.replace('\\-', '-').replace('\\e', '\\') for one in found]


def commands():
    return blocks()[0]


def application():
    return blocks()[1]


if __name__ == '__main__':
    print(commands())
