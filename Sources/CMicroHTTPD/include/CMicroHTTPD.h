// libmicrohttpd (MHD) for Swift.
//
// Swift calls MHD's plain functions as they are. This header adds what the importer cannot express:
// the variadic MHD functions, an unescaper that must edit a C string in place, and GnuTLS's callback for
// certificates (GnuTLS is what MHD itself does TLS with).
// Needs MHD 0.9.75 or later. Functions are named lugn_mhd_* and lugn_certificate_*.
#ifndef LUGN_CMICROHTTPD_H
#define LUGN_CMICROHTTPD_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdbool.h>

// A certificate chain and its key, which handshakes read and a server may replace at any time. Thread-safe.
struct lugn_certificate_slot;
struct lugn_certificate_slot *lugn_certificate_slot_make(void);
// Not while a daemon that uses it runs.
void lugn_certificate_slot_free(struct lugn_certificate_slot *slot);
// PEM text. False, and unchanged, when one cannot be used or they do not belong together.
bool lugn_certificate_slot_set(struct lugn_certificate_slot *slot, const char *chain, const char *key);

// The SHA-256 of the public key of a chain's first certificate, in PEM; false for what is no chain.
bool lugn_certificate_key_hash(const char *chain, unsigned char hash[32]);

// When a chain's first certificate ends, in seconds since 1970; -1 for what is no chain.
long long lugn_certificate_expiry(const char *chain);

// Which slot a connection's context uses, NULL for none.
typedef struct lugn_certificate_slot *(*lugn_slot_finder)(void *socket_context);

// What MHD_start_daemon is told; see there and the MHD_OPTION_* it maps to.
struct lugn_mhd_options {
    // Bound and listening. MHD owns it from the call on, also when the call fails: some of MHD's
    // failure paths close it, and a descriptor left open once is better than one closed twice.
    int listening_socket;
    // Polling threads, at least 1.
    unsigned int thread_count;
    // Connections over all threads, suspended ones included.
    unsigned int connection_limit;
    // Seconds without traffic after which MHD closes a connection; 0 is never. Not counted while suspended.
    unsigned int timeout_seconds;
    // Bytes of memory per connection for the request head and input/output buffers.
    size_t connection_memory_bytes;
    // Set for HTTPS: finds the certificate of a connection. The same function for all daemons of a process.
    lugn_slot_finder find_slot;
    // Given to every callback.
    void *context;
    // Asked for every new TCP connection.
    MHD_AcceptPolicyCallback accept;
    // Told of every TCP connection when it begins and, before its socket is closed, when it ends.
    MHD_NotifyConnectionCallback notify;
    // Called for the head, for each piece of the body and for the end of each request.
    MHD_AccessHandlerCallback receive;
    // Called once for each request `receive` has seen.
    MHD_RequestCompletedCallback complete;
};

// Starts polling threads that serve options->listening_socket. NULL on failure.
// MHD's own messages, which can name addresses of clients, are switched off.
struct MHD_Daemon *lugn_mhd_start(const struct lugn_mhd_options *options);

// What `notify` has stored for the connection.
void *lugn_mhd_socket_context(struct MHD_Connection *connection);
// The connection's socket.
int lugn_mhd_descriptor(struct MHD_Connection *connection);

// Between the two C files.
struct lugn_certificate_slot *lugn_mhd_slot_of(void *socket_context);
int lugn_certificate_of_session(
    gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **chain, unsigned int *count,
    gnutls_ocsp_data_st **ocsp, unsigned int *ocsp_count, gnutls_privkey_t *key, unsigned int *flags);

#endif
