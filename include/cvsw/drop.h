/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_DROP_H
#define CVSW_DROP_H

/*
 * Why a frame went no further.  Every frame that the switch does not send is
 * counted under exactly one of these; the text is what people read in
 * "cvsw-nl drops".  X(NAME, "name", "explanation"); append only.
 */
#define CVSW_DROP_CAUSES(X)						      \
	X(RUNT,		"runt",		"frame shorter than an Ethernet header") \
	X(OFFLOAD,	"offload",	"impossible checksum or segmentation request") \
	X(NO_MEMORY,	"no-memory",	"no buffer")			      \
	X(PORT_DOWN,	"port-down",	"port is administratively down")      \
	X(NO_RECV,	"no-recv",	"port does not receive (NO_RECV)")    \
	X(NO_FWD,	"no-fwd",	"port does not send (NO_FWD)")	      \
	X(NO_PORT,	"no-port",	"output to a port that does not exist") \
	X(IN_PORT,	"in-port",	"output to the port it came from")    \
	X(MISS,		"miss",		"no flow matched, miss policy is drop") \
	X(POLICY,	"policy",	"a flow without output matched")      \
	X(FRAGMENT,	"fragment",	"IP fragment, fragment mode is drop") \
	X(SPOOF_MAC,	"spoof-mac",	"source MAC not allowed on the port") \
	X(SPOOF_IPV4,	"spoof-ipv4",	"IPv4 source not allowed on the port") \
	X(SPOOF_IPV6,	"spoof-ipv6",	"IPv6 source or ND address not allowed on the port") \
	X(SPOOF_ARP,	"spoof-arp",	"ARP sender not allowed on the port") \
	X(RESUBMIT,	"resubmit",	"resubmitted too often")	      \
	X(RATE,		"rate",		"packet-in rate limit")		      \
	X(NO_CONTROLLER, "no-controller", "packet-in without a listener")    \
	X(NO_PACKET_IN,	"no-packet-in",	"port sends no packet-ins (NO_PACKET_IN)") \
	X(NOT_TUNNEL,	"not-tunnel",	"pop on a frame without that tunnel") \
	X(TUNNEL_SHORT,	"tunnel-short",	"tunnel header or inner frame truncated") \
	X(TUNNEL_FLAGS,	"tunnel-flags",	"tunnel header flags or version not valid") \
	X(TUNNEL_CSUM,	"tunnel-csum",	"outer checksum wrong")		      \
	X(TUNNEL_ECN,	"tunnel-ecn",	"outer CE on an inner frame without ECN (RFC 6040)") \
	X(TUNNEL_FRAG,	"tunnel-frag",	"outer IP header is a fragment")      \
	X(TUNNEL_LONG,	"tunnel-long",	"encapsulated frame would exceed 65535 bytes") \
	X(TOO_BIG,	"too-big",	"frame too long for its port or tunnel") \
	X(TX_FULL,	"tx-full",	"device queue full")		      \
	X(TX_ERROR,	"tx-error",	"device refused the frame")	      \
	X(TOO_BIG_TOLD,	"too-big-told",	"too long for its tunnel, and its sender was told (ICMP)") \
	X(TUNNEL_PROTO,	"tunnel-proto",	"tunnel payload is not Ethernet")     \
	X(TUNNEL_OPT,	"tunnel-opt",	"unknown critical Geneve option")     \
	X(TUNNEL_CONTROL, "tunnel-control", "tunnel control frame (Geneve O bit)") \
	X(TUNNEL_VLAN,	"tunnel-vlan",	"VLAN tag inside NVGRE")	      \
	X(REASM_LENGTH,	"reasm-length",	"STT segment with impossible length or offset") \
	X(REASM_OVERLAP, "reasm-overlap", "STT segments of one frame overlap") \
	X(REASM_TIMEOUT, "reasm-timeout", "the rest of an STT frame did not come") \
	X(REASM_FULL,	"reasm-full",	"STT segments given up to make room for others") \
	X(NO_ROUTE,	"no-route",	"no route, or no port on it, to the tunnel's end") \
	X(UNRESOLVED,	"unresolved",	"no answer from the next hop, or too many wait for it") \
	X(TUNNEL_ID,	"tunnel-id",	"the frame's tunnel id is too large for the tunnel") \
	X(INBAND,	"inband",	"control frame by a port that takes none") \
	X(INBAND_RATE,	"inband-rate",	"more control frames than are taken")  \
	X(INBAND_OTHER,	"inband-other",	"control frame for another MAC address") \
	X(INBAND_VERSION, "inband-version", "control frame of another version") \
	X(INBAND_MALFORMED, "inband-malformed", "control frame whose type or length is not valid") \
	X(INBAND_STATE,	"inband-state",	"control frame out of turn")	      \
	X(INBAND_KEY,	"inband-key",	"control frame with a key that is not known") \
	X(INBAND_SESSION, "inband-session", "control frame of no session that there is") \
	X(INBAND_REPLAY, "inband-replay", "control frame that was there before") \
	X(INBAND_TAG,	"inband-tag",	"control frame whose tag is not right") \
	X(INBAND_REFUSED, "inband-refused", "control frame that asks for what cannot be done") \
	X(INBAND_SILENT, "inband-silent", "the host is silent, and the policy is drop")

/** enum cvsw_drop - index of a drop counter; CVSW_DROP_NONE: not dropped */
enum cvsw_drop {
	CVSW_DROP_NONE = 0,
#define CVSW_DROP_ENUM(id, name, text)	CVSW_DROP_##id,
	CVSW_DROP_CAUSES(CVSW_DROP_ENUM)
#undef CVSW_DROP_ENUM
	CVSW_DROP_COUNT
};

#endif /* CVSW_DROP_H */
