#include "CMicroHTTPD.h"

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Decodes %HH in place and returns the length left. MHD's own unescaper also decodes %00, and since MHD
// hands the path on as a C string, "/notes%00/x" would then be routed as "/notes". %00 stays as written.
static size_t unescape(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    char *out = text;
    for (const char *in = text; *in != '\0';) {
        if (in[0] == '%') {
            int high = hex_digit(in[1]);
            int low = high < 0 ? -1 : hex_digit(in[2]);
            if (low >= 0 && (high | low) != 0) {
                *out++ = (char)(high << 4 | low);
                in += 3;
                continue;
            }
        }
        *out++ = *in++;
    }
    *out = '\0';
    return (size_t)(out - text);
}

// TLS 1.2 and 1.3 only, ciphers of at least 128 bits with forward secrecy (GnuTLS manual, "Priority Strings").
static const char tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA";

// MHD hands no context to the certificate's callback: what is the same in all daemons stands here.
static _Atomic(lugn_slot_finder) slot_finder;

struct lugn_certificate_slot *lugn_mhd_slot_of(void *socket_context) {
    lugn_slot_finder find = slot_finder;
    return find == NULL || socket_context == NULL ? NULL : find(socket_context);
}

void *lugn_mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

int lugn_mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

struct MHD_Daemon *lugn_mhd_start(const struct lugn_mhd_options *options) {
    // No MHD_USE_ERROR_LOG: without it MHD prints nothing.
    unsigned int flags = MHD_ALLOW_SUSPEND_RESUME;
    // Known limit of epoll in MHD 0.9.75 (daemon.c, MHD_epoll): it takes events 128 at a time and, after a full
    // batch, blocks for more before it handles those it has. Exactly 128 (256, …) clients of one thread that
    // send at the same moment wait for the thread's next event: another client, a handler's answer, a timeout.
#ifdef __linux__
    flags |= MHD_USE_EPOLL_INTERNAL_THREAD;
#else
    flags |= MHD_USE_AUTO_INTERNAL_THREAD;
#endif
    struct MHD_OptionItem tls[3] = {{MHD_OPTION_END, 0, NULL}};
    if (options->find_slot != NULL) {
        flags |= MHD_USE_TLS;
        slot_finder = options->find_slot;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)lugn_certificate_of_session};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities};
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    // A pool of one thread is no pool: MHD refuses the option for it.
    struct MHD_OptionItem pool[2] = {{MHD_OPTION_END, 0, NULL}};
    if (options->thread_count > 1) {
        pool[0] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)options->thread_count, NULL};
        pool[1] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    return MHD_start_daemon(
        flags, 0, options->accept, options->context, options->receive, options->context,
        MHD_OPTION_LISTEN_SOCKET, options->listening_socket,
        MHD_OPTION_CONNECTION_LIMIT, options->connection_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, options->timeout_seconds,
        // 400 for a request without Host (RFC 9112, section 3.2) and for white space within its first line.
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory_bytes,
        MHD_OPTION_NOTIFY_COMPLETED, options->complete, options->context,
        MHD_OPTION_NOTIFY_CONNECTION, options->notify, options->context,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
        MHD_OPTION_ARRAY, tls,
        MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
}
