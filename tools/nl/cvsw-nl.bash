# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# bash completion for cvsw-nl(8)

# names of the ports of the switch that the command line so far speaks of
_cvsw_nl_ports()
{
	cvsw-nl "$@" port show 2>/dev/null | sed -n 's/^[0-9]*: \([^ ]*\).*/\1/p'
}

# words that $1, IFACE[,key=FILE][,vnic=MAC][,lease=SECONDS], may go on as
_cvsw_nl_via()
{
	local last=${1##*,} before=${1%"${1##*,}"}

	if [[ $last == key=* ]]; then
		compgen -f -P "${before}key=" -- "${last#key=}"
	elif [[ $before ]]; then
		compgen -W 'key= vnic= lease=' -P "$before" -- "$last"
	else
		compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$last"
	fi
}

# bash puts the result behind the last ":" or "=", where these part words
_cvsw_nl_trim()
{
	local parts='' cut

	[[ $COMP_WORDBREAKS == *:* ]] && parts+=:
	[[ $COMP_WORDBREAKS == *=* ]] && parts+='='
	[[ $parts && $1 == *["$parts"]* ]] || return 0
	cut=${1%"${1##*["$parts"]}"}
	COMPREPLY=("${COMPREPLY[@]#"$cut"}")
}

_cvsw_nl()
{
	local line=${COMP_LINE:0:COMP_POINT} all=() cur prev
	local where=() words=() options='--socket --via --agent --switch --json
		--pretty --help --version' choice='' i

	# as the shell will part them, not as COMP_WORDS are, at ":" and "=", too
	read -ra all <<<"$line"
	[[ $line == *[[:blank:]] ]] && all+=('')
	cur=${all[-1]} prev=${all[-2]}

	# words without options and their arguments; -s and -d are passed on
	for ((i = 1; i < ${#all[@]} - 1; i++)); do
		case ${all[i]} in
		-s | --socket | --via | -d | --switch)
			where+=("${all[i]}" "${all[i + 1]}")
			i=$((i + 1)) ;;
		-a | --agent | -f | --file | -c | --count)
			i=$((i + 1)) ;;
		-*) ;;
		*) words+=("${all[i]}") ;;
		esac
	done

	case $prev in
	--via)
		[[ frame: == "$cur"* ]] && choice= || choice=${cur#frame:}
		mapfile -t COMPREPLY < <(_cvsw_nl_via "$choice")
		COMPREPLY=("${COMPREPLY[@]/#/frame:}")
		_cvsw_nl_trim "$cur"
		compopt -o nospace 2>/dev/null
		return ;;
	-s | --socket | -a | --agent | -f | --file)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	-d | --switch)
		choice=$(cvsw-nl "${where[@]:0:${#where[@]}-2}" show 2>/dev/null |
			sed -n 's/^\([^ ]*\)  dpid.*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$choice" -- "$cur")
		return ;;
	esac

	case "${words[*]}" in
	'') choice='show switch port queue flow path of stats drops monitor
		trace packet-out save restore attach detach register genkey' ;;
	attach | detach) choice=$(ls /sys/class/net 2>/dev/null) ;;
	register) options+=' --listen' choice=$(_cvsw_nl_via "$cur") ;;
	switch) choice='show set' ;;
	'switch set'*) choice='miss=pass miss=drop miss=controller
		fragments=normal fragments=drop fragments=nx-match max_flows=
		miss_send_len= miss_rate= miss_burst= action_rate= action_burst=
		mac_ageing= vxlan_port= datapath_id=' ;;
	port) choice='show add del set test' ;;
	'port add') choice='tap: packet: pcap:' ;;
	'port add '*) choice='no' ;;
	'port show' | 'port del' | 'port set' | 'port test' | trace | packet-out)
		choice=$(_cvsw_nl_ports "${where[@]}") ;;
	'port set '*) choice='up down recv=on recv=off fwd=on fwd=off flood=on
		flood=off packet_in=on packet_in=off mtu= mtu=auto csum=on csum=off
		tso=on tso=off uso=on uso=off tunnel=on tunnel=off gso=on
		gso=off gro=on gro=off rx_offload= tx_offload=
		inband=v2 inband=v3 inband=off inband_policy=keep
		inband_policy=pass inband_policy=drop key= allow_mac=
		allow_ipv4= allow_ipv6= antispoof=off' ;;
	queue) choice='show add set del' ;;
	'queue show' | 'queue add' | 'queue set' | 'queue del')
		choice=$(_cvsw_nl_ports "${where[@]}") options+=' --names' ;;
	'queue add '*' '* | 'queue set '*' '*) choice='min_rate= max_rate=' ;;
	'queue del '*) choice='all' ;;
	flow) choice='dump add mod del replace diff' ;;
	'flow dump'*) options+=' --names --no-stats --sort' ;;
	'flow add'*) options+=' --file --bundle' ;;
	'flow mod'* | 'flow del'*) options+=' --file --bundle --strict' ;;
	'flow replace' | 'flow diff' | save | restore)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'restore '*) choice='switch ports flows' ;;
	of | path) choice='show' ;;
	'path show') options+=' --names' ;;
	stats) options+=' --prometheus' ;;
	monitor*) choice='flow port packet-in' options+=' --count --names' ;;
	esac
	[[ $cur == -* ]] && choice=$options
	mapfile -t COMPREPLY < <(compgen -W "$choice" -- "$cur")
	[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]] &&
		compopt -o nospace 2>/dev/null
	_cvsw_nl_trim "$cur"
	return 0
}

complete -F _cvsw_nl cvsw-nl
