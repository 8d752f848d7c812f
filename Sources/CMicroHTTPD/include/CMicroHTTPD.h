// libmicrohttpd (MHD) for Swift.
//
// Swift calls MHD's plain functions as they are. This header adds what the importer cannot express:
// the variadic MHD_start_daemon, and an unescaper that must edit a C string in place.
// Needs MHD 0.9.75 or later. Functions are named lugn_mhd_*.
#ifndef LUGN_CMICROHTTPD_H
#define LUGN_CMICROHTTPD_H

#include <microhttpd.h>
#include <stdbool.h>

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
    // PEM text, or both NULL for plain HTTP. Read during the call only.
    const char *certificate_pem;
    const char *key_pem;
    // Given to every callback.
    void *context;
    // Asked for every new TCP connection.
    MHD_AcceptPolicyCallback accept;
    // Called for the head, for each piece of the body and for the end of each request.
    MHD_AccessHandlerCallback receive;
    // Called once for each request `receive` has seen.
    MHD_RequestCompletedCallback complete;
};

// Starts polling threads that serve options->listening_socket. NULL on failure.
// MHD's own messages, which can name addresses of clients, are switched off.
struct MHD_Daemon *lugn_mhd_start(const struct lugn_mhd_options *options);

#endif
