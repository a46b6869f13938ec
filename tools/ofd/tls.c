// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <sys/epoll.h>
#include "chan_priv.h"

/* Reasons */

static bool tls_found_none(unsigned long e)
{
	const int reason = ERR_GET_REASON(e);

	switch (ERR_GET_LIB(e)) {
	case ERR_LIB_PEM:
		return reason == PEM_R_NO_START_LINE;
	case ERR_LIB_X509:
		return reason == X509_R_NO_CERTIFICATE_OR_CRL_FOUND;
	default:
		return ERR_GET_LIB(e) == ERR_LIB_OSSL_DECODER;
	}
}

/* what the oldest entry of the error stack, the cause of the others, says;
 * @what: it is about a file that should hold one */
static void tls_reason(char *why, size_t size, const char *what)
{
	const unsigned long e = ERR_get_error();
	const char *reason = ERR_reason_error_string(e);

	ERR_clear_error();
	if (ERR_SYSTEM_ERROR(e))
		snprintf(why, size, "%s", strerror(ERR_GET_REASON(e)));
	else if (what && tls_found_none(e))
		snprintf(why, size, "no %s in PEM", what);
	else if (reason)
		snprintf(why, size, "%s", reason);
	else
		snprintf(why, size, "error %lx of OpenSSL", e);
}

static int tls_bad_file(const char *file, const char *what, char *why,
			size_t size)
{
	char reason[120];

	tls_reason(reason, sizeof(reason), what);
	snprintf(why, size, "%s: %s", file, reason);
	return -EINVAL;
}

/* SSL_ERROR_SSL of a connection */
static void tls_broken(SSL *ssl, char *why, size_t size)
{
	const unsigned long e = ERR_peek_error();
	const char *alert;
	char text[120];

	tls_reason(text, sizeof(text), NULL);
	alert = strstr(text, " alert ");
	if (ERR_GET_LIB(e) == ERR_LIB_SSL &&
	    ERR_GET_REASON(e) == SSL_R_CERTIFICATE_VERIFY_FAILED)
		snprintf(why, size, "%s: %s", text,
			 X509_verify_cert_error_string(
				SSL_get_verify_result(ssl)));
	else if (ERR_GET_LIB(e) == ERR_LIB_SSL && alert &&
		 ERR_GET_REASON(e) >= SSL_AD_REASON_OFFSET)
		snprintf(why, size, "refused by the peer: %s",
			 alert + strlen(" alert "));
	else
		snprintf(why, size, "TLS: %s", text);
}

/* what a call on @ssl that returned @ret means; @err: errno after it */
static int tls_result(SSL *ssl, int ret, int err, u32 *wants, char *why,
		      size_t size)
{
	switch (SSL_get_error(ssl, ret)) {
	case SSL_ERROR_WANT_READ:
		*wants = EPOLLIN;
		return -EAGAIN;
	case SSL_ERROR_WANT_WRITE:
		*wants = EPOLLOUT;
		return -EAGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	case SSL_ERROR_SYSCALL:
		if (err == 0)
			return 0;
		chan_errno_text(err, why, size);
		return -EPROTO;
	default:
		tls_broken(ssl, why, size);
		return -EPROTO;
	}
}

/* Connections */

SSL *tls_open(SSL_CTX *tls, int fd, bool client)
{
	SSL *ssl = SSL_new(tls);

	if (!ssl)
		return NULL;
	if (!SSL_set_fd(ssl, fd)) {
		SSL_free(ssl);
		return NULL;
	}
	if (client)
		SSL_set_connect_state(ssl);
	else
		SSL_set_accept_state(ssl);
	return ssl;
}

void tls_close(SSL *ssl, bool bye)
{
	if (!ssl)
		return;
	if (bye)
		SSL_shutdown(ssl);
	SSL_free(ssl);
	ERR_clear_error();
}

int tls_shake(SSL *ssl, u32 *wants, char *why, size_t size)
{
	int ret;

	ERR_clear_error();
	errno = 0;
	ret = SSL_do_handshake(ssl);
	if (ret == 1)
		return 0;
	ret = tls_result(ssl, ret, errno, wants, why, size);
	if (ret)
		return ret;
	snprintf(why, size, "closed by the peer during the TLS handshake");
	return -EPROTO;
}

int tls_read(SSL *ssl, void *buf, u32 len, u32 *wants, char *why, size_t size)
{
	int ret;

	ERR_clear_error();
	errno = 0;
	ret = SSL_read(ssl, buf, (int)len);
	return ret > 0 ? ret : tls_result(ssl, ret, errno, wants, why, size);
}

int tls_write(SSL *ssl, const void *buf, u32 len, u32 *wants, char *why,
	      size_t size)
{
	int ret;

	ERR_clear_error();
	errno = 0;
	ret = SSL_write(ssl, buf, (int)len);
	if (ret > 0)
		return ret;
	ret = tls_result(ssl, ret, errno, wants, why, size);
	if (ret)
		return ret;
	snprintf(why, size, CHAN_CLOSED);
	return -EPROTO;
}

/* Keys and certificates */

/* a daemon has nobody to ask */
static int tls_no_password(char *buf, int size, int writing, void *arg)
{
	bool *asked = arg;

	if (asked)
		*asked = true;
	return -1;
}

static int tls_read_cert(SSL_CTX *tls, const struct tls_files *files,
			 char *why, size_t size)
{
	if (SSL_CTX_use_certificate_chain_file(tls, files->cert) == 1)
		return 0;
	return tls_bad_file(files->cert, "certificate", why, size);
}

static int tls_read_key(SSL_CTX *tls, const struct tls_files *files,
			char *why, size_t size)
{
	bool locked = false, good;

	SSL_CTX_set_default_passwd_cb_userdata(tls, &locked);
	good = SSL_CTX_use_PrivateKey_file(tls, files->key,
					   SSL_FILETYPE_PEM) == 1;
	SSL_CTX_set_default_passwd_cb_userdata(tls, NULL);
	if (good)
		return 0;
	if (locked)
		snprintf(why, size, "%s: it is locked with a password",
			 files->key);
	else if (ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509)
		snprintf(why, size, "%s: not the key of %s", files->key,
			 files->cert);
	else
		tls_bad_file(files->key, "private key", why, size);
	ERR_clear_error();
	return -EINVAL;
}

static int tls_read_ca(SSL_CTX *tls, const struct tls_files *files, char *why,
		       size_t size)
{
	STACK_OF(X509_NAME) *names;

	if (SSL_CTX_load_verify_file(tls, files->ca) != 1)
		return tls_bad_file(files->ca, "certificate", why, size);
	names = SSL_load_client_CA_file(files->ca);
	if (!names)
		return tls_bad_file(files->ca, "certificate", why, size);
	SSL_CTX_set_client_CA_list(tls, names);
	return 0;
}

/* No sessions are kept: each connection shows its certificate. */
static void tls_set(SSL_CTX *tls)
{
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE |
			 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
			 SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
			    SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(tls, 0);
	SSL_CTX_set_read_ahead(tls, 1);
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER |
			   SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_default_passwd_cb(tls, tls_no_password);
}

int tls_new(SSL_CTX **out, const struct tls_files *files, char *why,
	    size_t size)
{
	SSL_CTX *tls;
	int ret;

	if (!files->key || !files->cert || !files->ca) {
		snprintf(why, size, "TLS needs a private key, a certificate and "
			 "a certificate of the CA: there is no %s",
			 !files->key ? "private key" :
			 !files->cert ? "certificate" : "certificate of the CA");
		return -EINVAL;
	}
	ERR_clear_error();
	tls = SSL_CTX_new(TLS_method());
	if (!tls) {
		tls_reason(why, size, NULL);
		return -EINVAL;
	}
	tls_set(tls);
	ret = tls_read_cert(tls, files, why, size);
	if (!ret)
		ret = tls_read_key(tls, files, why, size);
	if (!ret)
		ret = tls_read_ca(tls, files, why, size);
	if (ret)
		tls_free(tls);
	else
		*out = tls;
	return ret;
}

void tls_free(SSL_CTX *tls)
{
	SSL_CTX_free(tls);
}
