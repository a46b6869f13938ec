/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_TLS_H
#define CVSW_OFD_TLS_H

/*
 * TLS over a descriptor that does not block.  What a call waits for is in
 * *@wants (EPOLLIN or EPOLLOUT) when it returns -EAGAIN; -EPROTO is the end,
 * with the reason in @why.
 */

#include <openssl/types.h>
#include "os.h"

/** tls_open - a connection over @fd, which is not owned; the one who dialled is
 * the client.  NULL: no memory */
SSL *tls_open(SSL_CTX *tls, int fd, bool client);

/** tls_close - free it; with @bye the peer is told first, if it can be now */
void tls_close(SSL *ssl, bool bye);

/** tls_shake - go on with the handshake; 0 when it is done */
int tls_shake(SSL *ssl, u32 *wants, char *why, size_t size);

/** tls_read - how many bytes came, 0 when the peer has closed, or as above */
int tls_read(SSL *ssl, void *buf, u32 len, u32 *wants, char *why, size_t size);

/** tls_write - how many bytes went; those that did not are given again, and
 * maybe more behind them */
int tls_write(SSL *ssl, const void *buf, u32 len, u32 *wants, char *why,
	      size_t size);

#endif /* CVSW_OFD_TLS_H */
