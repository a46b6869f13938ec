// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Streams through TLS: who is believed, and what is said when nobody is. */

#include "chan_rig.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include "chan_priv.h"
#include "ev.h"
#include "ofd.h"

/* Certificates */

#define DAY	86400

/*
 * struct paper - a certificate, in NAME.pem, and its key, in NAME.key
 * @by:    who signed it; NULL: it did itself
 * @ca:    it may sign others
 * @from, @until: s from now
 * @with:  another that is in the same file behind it
 */
struct paper {
	const char	*name;
	const char	*by;
	bool		ca;
	long		from;
	long		until;
	const char	*with;
};

static const struct paper papers[] = {
	{ "ca", NULL, true, -DAY, DAY, NULL },
	{ "ca2", NULL, true, -DAY, DAY, NULL },
	{ "switch", "ca", false, -DAY, DAY, NULL },
	{ "ctl", "ca", false, -DAY, DAY, NULL },
	{ "alien", "ca2", false, -DAY, DAY, NULL },
	{ "self", NULL, false, -DAY, DAY, NULL },
	{ "old", "ca", false, -2 * DAY, -DAY, NULL },
	{ "early", "ca", false, DAY, 2 * DAY, NULL },
	{ "mid", "ca", true, -DAY, DAY, NULL },
	{ "far", "mid", false, -DAY, DAY, "mid" },
};

static char dir[] = "/tmp/test_ofd_tls.XXXXXX";

/* DIR/NAME.EXT; holds until the eighth call after it */
static const char *path_of(const char *name, const char *ext)
{
	static char paths[8][64];
	static unsigned int next;
	char *path = paths[next++ % ARRAY_SIZE(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s.%s", dir, name, ext);
	return path;
}

static void paper_write(const char *name, const char *ext, X509 *cert,
			EVP_PKEY *key, const char *mode)
{
	FILE *file = fopen(path_of(name, ext), mode);

	assert_non_null(file);
	if (cert)
		assert_int_equal(PEM_write_X509(file, cert), 1);
	else
		assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0,
						      NULL, NULL), 1);
	fclose(file);
}

static X509 *paper_cert(const char *name)
{
	FILE *file = fopen(path_of(name, "pem"), "r");
	X509 *cert;

	assert_non_null(file);
	cert = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(cert);
	return cert;
}

static EVP_PKEY *paper_key(const char *name)
{
	FILE *file = fopen(path_of(name, "key"), "r");
	EVP_PKEY *key;

	assert_non_null(file);
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(key);
	return key;
}

static void paper_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(ext);
	assert_int_equal(X509_add_ext(cert, ext, -1), 1);
	X509_EXTENSION_free(ext);
}

static X509 *paper_draw(const struct paper *p, long serial, EVP_PKEY *key)
{
	X509 *cert = X509_new(), *by = p->by ? paper_cert(p->by) : NULL;

	assert_non_null(cert);
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
	X509_gmtime_adj(X509_getm_notBefore(cert), p->from);
	X509_gmtime_adj(X509_getm_notAfter(cert), p->until);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN",
				   MBSTRING_ASC, (const u8 *)p->name, -1, -1, 0);
	X509_set_pubkey(cert, key);
	paper_extension(cert, NID_basic_constraints,
			p->ca ? "critical,CA:TRUE" : "CA:FALSE");
	X509_set_issuer_name(cert, X509_get_subject_name(by ? by : cert));
	X509_free(by);
	return cert;
}

static void paper_issue(const struct paper *p, long serial)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *by;
	X509 *cert, *with;

	assert_non_null(key);
	paper_write(p->name, "key", NULL, key, "w");
	cert = paper_draw(p, serial, key);
	by = paper_key(p->by ? p->by : p->name);
	assert_true(X509_sign(cert, by, EVP_sha256()) > 0);
	paper_write(p->name, "pem", cert, NULL, "w");
	if (p->with) {
		with = paper_cert(p->with);
		paper_write(p->name, "pem", with, NULL, "a");
		X509_free(with);
	}
	X509_free(cert);
	EVP_PKEY_free(key);
	EVP_PKEY_free(by);
}

static void file_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void locked_write(void)
{
	EVP_PKEY *key = paper_key("switch");
	FILE *file = fopen(path_of("locked", "key"), "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_PrivateKey(file, key, EVP_aes_128_cbc(),
					      (const u8 *)"secret", 6, NULL,
					      NULL), 1);
	fclose(file);
	EVP_PKEY_free(key);
}

static int papers_make(void **state)
{
	unsigned int i;

	signal(SIGPIPE, SIG_IGN);
	assert_non_null(mkdtemp(dir));
	for (i = 0; i < ARRAY_SIZE(papers); i++)
		paper_issue(&papers[i], 1 + i);
	locked_write();
	file_write(path_of("junk", "pem"), "nothing\n");
	file_write(path_of("junk", "key"), "nothing\n");
	return 0;
}

static int papers_burn(void **state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(papers); i++) {
		unlink(path_of(papers[i].name, "pem"));
		unlink(path_of(papers[i].name, "key"));
	}
	unlink(path_of("locked", "key"));
	unlink(path_of("junk", "pem"));
	unlink(path_of("junk", "key"));
	return rmdir(dir);
}

/* Files */

static void test_files(void **state)
{
	/* names of files; NULL: not given; @why without their folder, of which
	 * each %s is one */
	static const struct {
		const char *key, *cert, *ca;
		const char *why;
	} cases[] = {
		{ NULL, "switch", "ca", "TLS needs a private key, a certificate and a "
		  "certificate of the CA: there is no private key" },
		{ "switch", NULL, "ca", "TLS needs a private key, a certificate and a "
		  "certificate of the CA: there is no certificate" },
		{ "switch", "switch", NULL, "TLS needs a private key, a certificate and a "
		  "certificate of the CA: there is no certificate of the CA" },
		{ "none", "switch", "ca", "%s/none.key: No such file or directory" },
		{ "switch", "none", "ca", "%s/none.pem: No such file or directory" },
		{ "switch", "switch", "none", "%s/none.pem: No such file or directory" },
		{ "junk", "switch", "ca", "%s/junk.key: no private key in PEM" },
		{ "switch", "junk", "ca", "%s/junk.pem: no certificate in PEM" },
		{ "switch", "switch", "junk", "%s/junk.pem: no certificate in PEM" },
		{ "ctl", "switch", "ca", "%s/ctl.key: not the key of %s/switch.pem" },
		{ "locked", "switch", "ca", "%s/locked.key: it is locked with a password" },
	};
	char why[300], want[300];
	struct tls_files files;
	SSL_CTX *tls = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		files.key = cases[i].key ? path_of(cases[i].key, "key") : NULL;
		files.cert = cases[i].cert ? path_of(cases[i].cert, "pem") : NULL;
		files.ca = cases[i].ca ? path_of(cases[i].ca, "pem") : NULL;
		assert_int_equal(tls_new(&tls, &files, why, sizeof(why)),
				 -EINVAL);
		assert_null(tls);
		snprintf(want, sizeof(want), cases[i].why, dir, dir);
		assert_string_equal(why, want);
	}
}

/* Connections */

/* struct line - one who is dialled, and one who dials */
struct line {
	struct ev		*ev;
	struct target		target;
	struct chan_listener	*listener;
	struct side		in;
	struct side		out;
	SSL_CTX			*in_tls;
	SSL_CTX			*out_tls;
	char			why[300];
};

static int setup(void **state)
{
	struct line *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	rig_ahead = 0;
	assert_int_equal(ev_new(&l->ev), 0);
	*state = l;
	return 0;
}

static void line_close(struct line *l)
{
	side_close(&l->in);
	side_close(&l->out);
	l->in = l->out = (struct side){};
	chan_unlisten(l->listener);
	l->listener = NULL;
	tls_free(l->in_tls);
	tls_free(l->out_tls);
	l->in_tls = l->out_tls = NULL;
}

static int teardown(void **state)
{
	struct line *l = *state;

	line_close(l);
	ev_free(l->ev);
	free(l);
	return 0;
}

static void line_each(void *arg, struct chan *chan, const char *peer)
{
	struct line *l = arg;

	assert_null(l->in.chan);
	l->in = (struct side){ .ev = l->ev, .chan = chan };
	chan_take(chan, &side_ops, &l->in);
}

static SSL_CTX *tls_of(const char *name, const char *ca)
{
	const struct tls_files files = {
		.key = path_of(name, "key"),
		.cert = path_of(name, "pem"),
		.ca = path_of(ca, "pem"),
	};
	SSL_CTX *tls;
	char why[300];

	assert_int_equal(tls_new(&tls, &files, why, sizeof(why)), 0);
	return tls;
}

static struct target target_of(const char *text)
{
	struct target target;
	char why[300];

	assert_int_equal(target_parse(text, &target, why, sizeof(why)), 0);
	return target;
}

/* listen as @kind with @l->in_tls; where to dial is in @l->target, as @dialled */
static void line_listen(struct line *l, const char *kind, const char *dialled)
{
	struct target target;
	unsigned int tries = 0;
	char text[64];
	u16 port;
	int ret;

	do {
		port = rig_port_free();
		snprintf(text, sizeof(text), "%s:%u:127.0.0.1", kind, port);
		target = target_of(text);
		ret = chan_listen(&l->listener, l->ev, &target, l->in_tls,
				  line_each, l, l->why, sizeof(l->why));
	} while (ret == -EADDRINUSE && ++tries < 20);
	assert_int_equal(ret, 0);
	snprintf(text, sizeof(text), "%s:127.0.0.1:%u", dialled, port);
	l->target = target_of(text);
}

static void line_dial(struct line *l)
{
	l->out = (struct side){ .ev = l->ev };
	assert_int_equal(chan_dial(&l->out.chan, l->ev, &l->target, l->out_tls,
				   &side_ops, &l->out, l->why,
				   sizeof(l->why)), 0);
}

/* messages go both ways by thousands, while one end does not read */
static void line_works(struct line *l)
{
	u32 in = 0, out = 0;

	rig_until(l->ev, l->in.ups && l->out.ups);
	l->in.fasts = true;
	while (in < 4000 || out < 4000) {
		while (in < 4000 && chan_waiting(l->in.chan) < CHAN_OUT_FULL)
			assert_true(side_put(&l->in, in++, 300));
		while (out < 4000 && chan_waiting(l->out.chan) < CHAN_OUT_FULL)
			assert_true(side_put(&l->out, out++, 200));
		rig_settle(l->ev);
		l->in.fasts = false;
		side_eat(&l->in);
	}
	rig_until(l->ev, l->in.n_got == 800000 && l->out.n_got == 1200000);
	rig_msgs_are(l->in.got, l->in.n_got, 0, 200);
	rig_msgs_are(l->out.got, l->out.n_got, 0, 300);
	assert_int_equal(l->in.downs + l->out.downs, 0);
}

static void test_good(void **state)
{
	static const struct {
		const char	*in;
		const char	*out;
		int		version;
	} cases[] = {
		{ "switch", "ctl", TLS1_3_VERSION },
		{ "switch", "ctl", TLS1_2_VERSION },
		{ "far", "switch", TLS1_3_VERSION },
		{ "switch", "far", TLS1_2_VERSION },
	};
	struct line *l = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		l->in_tls = tls_of(cases[i].in, "ca");
		l->out_tls = tls_of(cases[i].out, "ca");
		SSL_CTX_set_max_proto_version(l->out_tls, cases[i].version);
		line_listen(l, "pssl", "ssl");
		line_dial(l);
		line_works(l);
		assert_int_equal(SSL_version(l->in.chan->ssl), cases[i].version);
		side_close(i % 2 ? &l->in : &l->out);
		rig_until(l->ev, l->in.downs + l->out.downs == 1);
		assert_string_equal(i % 2 ? l->out.why : l->in.why,
				    "closed by the peer");
		line_close(l);
	}
}

/* both are told why, each in its words */
static void test_bad(void **state)
{
	/* with the certificate of its CA, or without */
	static const char *const unknown = "certificate verify failed: "
		"self-signed certificate in certificate chain";
	static const char *const nobody = "certificate verify failed: "
		"unable to get local issuer certificate";
	static const struct {
		const char *in, *in_ca, *out, *out_ca;
		const char *in_why, *out_why;
	} cases[] = {
		{ "switch", "ca", "ctl", "ca2", "refused by the peer: unknown ca", unknown },
		{ "alien", "ca", "ctl", "ca", "refused by the peer: unknown ca", nobody },
		{ "switch", "ca", "alien", "ca", nobody, "refused by the peer: unknown ca" },
		{ "switch", "ca2", "ctl", "ca", unknown, "refused by the peer: unknown ca" },
		{ "self", "ca", "ctl", "ca", "refused by the peer: unknown ca",
		  "certificate verify failed: self-signed certificate" },
		{ "switch", "ca", "self", "ca",
		  "certificate verify failed: self-signed certificate",
		  "refused by the peer: unknown ca" },
		{ "old", "ca", "ctl", "ca", "refused by the peer: certificate expired",
		  "certificate verify failed: certificate has expired" },
		{ "switch", "ca", "old", "ca",
		  "certificate verify failed: certificate has expired",
		  "refused by the peer: certificate expired" },
		{ "early", "ca", "ctl", "ca", "refused by the peer: bad certificate",
		  "certificate verify failed: certificate is not yet valid" },
	};
	struct line *l = *state;
	unsigned int i, version;

	for (i = 0; i < 2 * ARRAY_SIZE(cases); i++) {
		version = i % 2 ? TLS1_2_VERSION : TLS1_3_VERSION;
		l->in_tls = tls_of(cases[i / 2].in, cases[i / 2].in_ca);
		l->out_tls = tls_of(cases[i / 2].out, cases[i / 2].out_ca);
		SSL_CTX_set_max_proto_version(l->out_tls, (int)version);
		line_listen(l, "pssl", "ssl");
		line_dial(l);
		rig_until(l->ev, l->in.downs && l->out.downs);
		assert_string_equal(l->in.why, cases[i / 2].in_why);
		assert_string_equal(l->out.why, cases[i / 2].out_why);
		assert_int_equal(l->in.ups, 0);
		line_close(l);
	}
}

static void test_no_certificate(void **state)
{
	struct line *l = *state;

	l->in_tls = tls_of("switch", "ca");
	l->out_tls = SSL_CTX_new(TLS_method());
	assert_non_null(l->out_tls);
	line_listen(l, "pssl", "ssl");
	line_dial(l);
	rig_until(l->ev, l->in.downs && l->out.downs);
	assert_string_equal(l->in.why, "TLS: peer did not return a certificate");
	assert_string_equal(l->out.why,
			    "refused by the peer: certificate required");
}

static void test_old_version(void **state)
{
	struct line *l = *state;

	l->in_tls = tls_of("switch", "ca");
	l->out_tls = tls_of("ctl", "ca");
	SSL_CTX_set_security_level(l->out_tls, 0);
	SSL_CTX_set_min_proto_version(l->out_tls, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(l->out_tls, TLS1_1_VERSION);
	line_listen(l, "pssl", "ssl");
	line_dial(l);
	rig_until(l->ev, l->in.downs && l->out.downs);
	assert_string_equal(l->in.why, "TLS: unsupported protocol");
	assert_string_equal(l->out.why, "refused by the peer: protocol version");
}

/* one of them does not know about TLS */
static void test_plain(void **state)
{
	struct line *l = *state;

	l->in_tls = tls_of("switch", "ca");
	line_listen(l, "pssl", "tcp");
	line_dial(l);
	rig_until(l->ev, l->out.ups);
	assert_true(side_put(&l->out, 0, 8));
	rig_until(l->ev, l->in.downs);
	assert_string_equal(l->in.why, "TLS: wrong version number");
	assert_int_equal(l->in.ups, 0);
	line_close(l);

	l->out_tls = tls_of("switch", "ca");
	line_listen(l, "ptcp", "ssl");
	line_dial(l);
	rig_until(l->ev, l->in.ups);
	if (!l->in.downs)
		assert_true(side_put(&l->in, 0, 8));
	rig_until(l->ev, l->out.downs);
	assert_string_equal(l->out.why, "TLS: wrong version number");
	assert_int_equal(l->out.ups, 0);
}

static void test_late(void **state)
{
	struct line *l = *state;

	/* nothing is said to the one who listens */
	l->in_tls = tls_of("switch", "ca");
	line_listen(l, "pssl", "tcp");
	line_dial(l);
	rig_until(l->ev, l->in.chan && l->out.ups);
	rig_ahead += 9000 * RIG_MS;
	rig_settle(l->ev);
	assert_int_equal(l->in.downs, 0);
	rig_ahead += 1500 * RIG_MS;
	rig_settle(l->ev);
	assert_int_equal(l->in.downs, 1);
	assert_string_equal(l->in.why, "no TLS handshake within 10 s");
	rig_until(l->ev, !chan_stuck(l->out.chan, ofd_now()));
	line_close(l);

	/* nor to the one who dials */
	l->out_tls = tls_of("switch", "ca");
	line_listen(l, "ptcp", "ssl");
	line_dial(l);
	l->in.fasts = true;
	rig_settle(l->ev);
	side_close(&l->in);
	rig_until(l->ev, l->out.downs);
	assert_string_equal(l->out.why,
			    "closed by the peer during the TLS handshake");
}

/* the last words and the end come in order */
static void test_end(void **state)
{
	struct line *l = *state;
	u32 i;

	l->in_tls = tls_of("switch", "ca");
	l->out_tls = tls_of("ctl", "ca");
	line_listen(l, "pssl", "ssl");
	line_dial(l);
	rig_until(l->ev, l->in.ups && l->out.ups);
	for (i = 0; i < 100; i++)
		assert_true(side_put(&l->out, i, 100));
	side_close(&l->out);
	rig_until(l->ev, l->in.downs);
	assert_int_equal(rig_msgs_are(l->in.got, l->in.n_got, 0, 100), 100);
	assert_string_equal(l->in.why, "closed by the peer");
	side_close(&l->in);

	/* an end without goodbye is one as well */
	line_dial(l);
	rig_until(l->ev, l->in.ups && l->out.ups);
	assert_int_equal(shutdown(l->out.chan->fd.fd, SHUT_WR), 0);
	rig_until(l->ev, l->in.downs);
	assert_string_equal(l->in.why, "closed by the peer");
}

/* a peer that does not read is held up, and cut in the end */
static void test_does_not_read(void **state)
{
	struct line *l = *state;
	u32 no = 0;

	l->in_tls = tls_of("switch", "ca");
	l->out_tls = tls_of("ctl", "ca");
	line_listen(l, "pssl", "ssl");
	line_dial(l);
	rig_until(l->ev, l->in.ups && l->out.ups);
	l->out.fasts = true;
	while (chan_waiting(l->in.chan) < CHAN_OUT_FULL) {
		assert_true(side_put(&l->in, no++, 10000));
		rig_settle(l->ev);
	}
	assert_true(chan_stuck(l->in.chan, ofd_now()) > 0);
	rig_rounds = 0;
	rig_settle(l->ev);
	assert_int_equal(rig_rounds, 1);

	l->out.fasts = false;
	side_eat(&l->out);
	rig_until(l->ev, l->out.n_got == no * 10000);
	rig_msgs_are(l->out.got, l->out.n_got, 0, 10000);

	l->out.fasts = true;
	while (side_put(&l->in, no, 60000))
		continue;
	rig_until(l->ev, l->in.downs);
	assert_memory_equal(l->in.why, "does not read: ", 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_certificate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_old_version, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_does_not_read, setup, teardown),
	};

	return cmocka_run_group_tests(tests, papers_make, papers_burn);
}
