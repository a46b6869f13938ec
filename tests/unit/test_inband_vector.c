// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The test vector of cvsw-inband(7), which was made by another implementation:
 * keys, frames, and, with its random numbers in the place of ours, a session of
 * our host with our vNIC, byte by byte.
 */

#include "util.h"

#include <cvsw/nl.h>
#include "inband3_vector.h"
#include "inband_host.h"
#include "inband_vnic.h"

#define KEY_ID		5
#define LEASE_MS	10000u
#define BYTES_MAX	512u
#define S_NS		1000000000ull

int __wrap_cvsw_random(void *bytes, u32 n);

static const u8 host_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const u8 vnic_mac[6] = { 2, 0, 0, 0, 0, 2 };
static struct cvsw_v3_host *host;
static struct cvsw_v3_vnic *vnic;
static u32 sent, delivered;

/* the vNIC's secret, its boot, the host's nonce: no two are of one length */
int __wrap_cvsw_random(void *bytes, u32 n)
{
	switch (n) {
	case 32:
		test_hex(VECTOR_SECRET, bytes, n);
		return 0;
	case 16:
		test_hex(VECTOR_HOST_NONCE, bytes, n);
		return 0;
	case 8:
		*(u64 *)bytes = 0x1122334455667788;
		return 0;
	}
	return -EIO;
}

/* Pieces */

static struct cvsw_hmac *key(void)
{
	u8 bytes[CVSW_HMAC_LEN];

	test_hex(VECTOR_KEY, bytes, sizeof(bytes));
	return cvsw_hmac_new(bytes);
}

static struct cvsw_v3_keys vector_keys(void)
{
	struct cvsw_hmac *base = key();
	struct cvsw_v3_keys keys;
	struct cvsw_v3_who who;

	test_hex(VECTOR_HOST_NONCE, who.host_nonce, 16);
	test_hex(VECTOR_VNIC_NONCE, who.vnic_nonce, 16);
	memcpy(who.host_mac, host_mac, 6);
	memcpy(who.vnic_mac, vnic_mac, 6);
	assert_int_equal(cvsw_v3_keys_make(&keys, base, &who), 0);
	cvsw_hmac_free(base);
	return keys;
}

/* does @hmac have the key that is @hex? */
static void key_is(struct cvsw_hmac *hmac, const char *hex)
{
	u8 bytes[CVSW_HMAC_LEN], sum[CVSW_HMAC_LEN], want[CVSW_HMAC_LEN];
	struct cvsw_hmac *named;

	test_hex(hex, bytes, sizeof(bytes));
	named = cvsw_hmac_new(bytes);
	assert_int_equal(cvsw_hmac_sum(named, hex, 10, want), 0);
	assert_int_equal(cvsw_hmac_sum(hmac, hex, 10, sum), 0);
	assert_memory_equal(sum, want, sizeof(sum));
	cvsw_hmac_free(named);
}

static void test_keys(void **state)
{
	struct cvsw_hmac *base = key(), *outside = cvsw_v3_link_key(base);
	struct cvsw_v3_keys keys = vector_keys();
	u8 name[8];

	key_is(outside, VECTOR_LINK);
	key_is(keys.to_vnic, VECTOR_TO_VNIC);
	key_is(keys.to_host, VECTOR_TO_HOST);
	test_hex(VECTOR_SESSION, name, sizeof(name));
	assert_int_equal(keys.session, get_unaligned_be64(name));
	cvsw_v3_keys_free(&keys);
	cvsw_hmac_free(outside);
	cvsw_hmac_free(base);
}

/* each is read, its tag is right, and it is made again from what was read */
static void test_frames(void **state)
{
	struct cvsw_hmac *base = key(), *outside = cvsw_v3_link_key(base);
	struct cvsw_v3_keys keys = vector_keys();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vector); i++) {
		u8 bytes[BYTES_MAX], made[BYTES_MAX];
		u32 n = test_hex(vector[i].hex, bytes, sizeof(bytes));
		struct cvsw_v3_frame frame;
		struct cvsw_hmac *hmac;

		assert_int_equal(cvsw_v3_frame_read(bytes, n, &frame),
				 CVSW_V3_OK);
		hmac = frame.type < CVSW_V3_START ? outside :
		       vector[i].to_vnic ? keys.to_vnic : keys.to_host;
		assert_true(cvsw_v3_frame_true(hmac, bytes));
		assert_int_equal(cvsw_v3_put(made, &frame, bytes + CVSW_V3_HLEN,
					     hmac), n);
		assert_memory_equal(made, bytes, n);
	}
	cvsw_v3_keys_free(&keys);
	cvsw_hmac_free(outside);
	cvsw_hmac_free(base);
}

/* A session */

/* what is sent is the next one of the vector, and arrives */
static void vector_next(bool to_vnic, const u8 *bytes, u32 n)
{
	u8 want[BYTES_MAX];

	assert_in_range(sent, 0, ARRAY_SIZE(vector) - 1);
	assert_int_equal(vector[sent].to_vnic, to_vnic);
	assert_int_equal(test_hex(vector[sent].hex, want, sizeof(want)), n);
	assert_memory_equal(bytes, want, n);
	sent++;
}

static void on_host_send(void *ctx, const u8 *bytes, u32 n)
{
	vector_next(true, bytes, n);
}

static void on_vnic_send(void *ctx, const u8 *bytes, u32 n)
{
	vector_next(false, bytes, n);
}

/* the body of DATA of the frame at @no of the vector */
static u32 vector_msg(u32 no, u8 *msg)
{
	u8 bytes[BYTES_MAX];
	u32 n = test_hex(vector[no].hex, bytes, sizeof(bytes));

	n -= CVSW_V3_HLEN + CVSW_V3_TAG_LEN + CVSW_CHAN_DATA_HLEN;
	memcpy(msg, bytes + CVSW_V3_HLEN + CVSW_CHAN_DATA_HLEN, n);
	return n;
}

#define REQUEST		4	/* frames of the vector that have datagrams */
#define REPLY		6

static void is_msg(u32 no, const u8 *msg, u32 len)
{
	u8 want[BYTES_MAX];

	assert_int_equal(vector_msg(no, want), len);
	assert_memory_equal(msg, want, len);
	delivered++;
}

static int on_vnic_deliver(void *ctx, const u8 *msg, u32 len)
{
	is_msg(REQUEST, msg, len);
	return 0;
}

static int on_host_deliver(void *ctx, const u8 *msg, u32 len)
{
	is_msg(REPLY, msg, len);
	return 0;
}

static void on_sent(void *ctx)
{
}

static void on_vnic_state(void *ctx, enum cvsw_v3_vnic_state state)
{
}

static void on_host_state(void *ctx, enum cvsw_v3_host_state state,
			  const char *why)
{
}

static const struct cvsw_v3_vnic_ops vnic_ops = {
	.send = on_vnic_send,
	.deliver = on_vnic_deliver,
	.sent = on_sent,
	.state = on_vnic_state,
};

static const struct cvsw_v3_host_ops host_ops = {
	.send = on_host_send,
	.deliver = on_host_deliver,
	.sent = on_sent,
	.state = on_host_state,
};

/* those that were sent since the @from-th arrive; how many there are then */
static u32 arrive(u32 from)
{
	u8 bytes[BYTES_MAX];
	u32 n;

	for (; from < sent; from++) {
		n = test_hex(vector[from].hex, bytes, sizeof(bytes));
		assert_int_equal(vector[from].to_vnic ?
				 cvsw_v3_vnic_input(vnic, bytes, n, S_NS) :
				 cvsw_v3_host_input(host, bytes, n, S_NS), 0);
	}
	return sent;
}

static void start(void)
{
	struct cvsw_v3_host_info host_info = { .mtu = 1500, .key_id = KEY_ID,
					       .lease_ms = LEASE_MS };
	struct cvsw_v3_vnic_info vnic_info = { .mtu = 1500, .name = "eth0",
					       .dpid = 0x20000000002 };

	memcpy(host_info.mac, host_mac, 6);
	memcpy(host_info.vnic, vnic_mac, 6);
	test_hex(VECTOR_KEY, host_info.key, sizeof(host_info.key));
	memcpy(vnic_info.mac, vnic_mac, 6);
	host = cvsw_v3_host_new(&host_ops, NULL, &host_info);
	vnic = cvsw_v3_vnic_new(&vnic_ops, NULL, &vnic_info);
	assert_true(host && vnic);
	assert_int_equal(cvsw_v3_vnic_key(vnic, KEY_ID, host_info.key), 0);
}

static void test_session(void **state)
{
	const u16 order = CVSW_V3_ORDER;
	u8 msg[BYTES_MAX];
	u32 n;

	/* the vector is that of a pair of little-endian machines */
	if (*(const u8 *)&order != 0x02)
		skip();
	start();
	cvsw_v3_host_tick(host, S_NS);
	n = arrive(0);
	cvsw_v3_host_tick(host, S_NS);
	n = arrive(n);
	assert_int_equal(cvsw_v3_host_send(host, msg, vector_msg(REQUEST, msg),
					   S_NS), 0);
	n = arrive(n);
	assert_int_equal(cvsw_v3_vnic_send(vnic, msg, vector_msg(REPLY, msg),
					   S_NS), 0);
	n = arrive(n);
	cvsw_v3_host_free(host);
	arrive(n);
	assert_int_equal(sent, ARRAY_SIZE(vector));
	assert_int_equal(delivered, 2);
	cvsw_v3_vnic_free(vnic);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
