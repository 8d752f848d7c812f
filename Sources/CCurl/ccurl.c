#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

// The macros of <curl/typecheck-gcc.h> would hide the real prototypes from __typeof__.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

// Every function that is used, in one list: it gives the table its fields and the loader its names.
#define CCURL_FUNCTIONS(use) \
    use(curl_global_init)    \
    use(curl_version_info)   \
    use(curl_free)           \
    use(curl_easy_init)      \
    use(curl_easy_cleanup)   \
    use(curl_easy_setopt)    \
    use(curl_easy_getinfo)   \
    use(curl_slist_append)   \
    use(curl_slist_free_all) \
    use(curl_multi_init)     \
    use(curl_multi_cleanup)  \
    use(curl_multi_setopt)   \
    use(curl_multi_add_handle)    \
    use(curl_multi_remove_handle) \
    use(curl_multi_perform)  \
    use(curl_multi_poll)     \
    use(curl_multi_wakeup)   \
    use(curl_multi_info_read) \
    use(curl_url)            \
    use(curl_url_cleanup)    \
    use(curl_url_set)        \
    use(curl_url_get)

// `&` keeps __typeof__ a pointer type; nothing here makes the linker ask for the function itself.
#define CCURL_FIELD(name) __typeof__(&name) name;
static struct {
    CCURL_FUNCTIONS(CCURL_FIELD)
} curl;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static ccurl_load_result load_result = CCURL_LIBRARY_MISSING;

// CURLOPT_PROTOCOLS_STR came with 7.85.0.
static const unsigned int oldest_usable_version = 0x075500;

// The folders of the system, and no others: a plain name would follow LD_LIBRARY_PATH, by which whoever sets a desk's
// environment would read what it sends. Debian's come first, by the architecture's name.
#if defined(__APPLE__)
static const char *const folders[] = {"/usr/lib"};
static const char *const names[] = {"libcurl.4.dylib"};
#else
static const char *const folders[] = {
#if defined(__x86_64__)
    "/usr/lib/x86_64-linux-gnu",
#elif defined(__aarch64__)
    "/usr/lib/aarch64-linux-gnu",
#elif defined(__arm__)
    "/usr/lib/arm-linux-gnueabihf",
#elif defined(__riscv)
    "/usr/lib/riscv64-linux-gnu",
#endif
    "/usr/lib64", "/usr/lib", "/lib64", "/lib",
};
// Both have the same ABI; they differ in the TLS library. GnuTLS comes first because its package is the one Lugn
// depends on.
static const char *const names[] = {"libcurl-gnutls.so.4", "libcurl.so.4"};
#endif

static void *open_library(void)
{
    for (size_t name = 0; name < sizeof names / sizeof names[0]; name++) {
        for (size_t folder = 0; folder < sizeof folders / sizeof folders[0]; folder++) {
            char path[256];
            snprintf(path, sizeof path, "%s/%s", folders[folder], names[name]);
            // RTLD_NOW: a broken installation fails here, with an error, not later in the middle of a transfer.
            void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
            if (library != NULL) {
                return library;
            }
        }
    }
    return NULL;
}

static void load(void)
{
    void *library = open_library();
    if (library == NULL) {
        return;
    }
    load_result = CCURL_LIBRARY_UNUSABLE;
    // dlsym without a version finds Debian's versioned symbols (CURL_GNUTLS_3, CURL_OPENSSL_4) too.
#define CCURL_RESOLVE(name)                                          \
    curl.name = (__typeof__(curl.name))dlsym(library, #name);        \
    if (curl.name == NULL) {                                         \
        return;                                                      \
    }
    CCURL_FUNCTIONS(CCURL_RESOLVE)

    if (curl.curl_version_info(CURLVERSION_NOW)->version_num < oldest_usable_version) {
        return;
    }
    if (curl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return;
    }
    load_result = CCURL_LOADED;
}

ccurl_load_result ccurl_load(void)
{
    pthread_once(&load_once, load);
    return load_result;
}

const char *ccurl_version(void)
{
    return curl.curl_version_info(CURLVERSION_NOW)->version;
}

CURL *ccurl_easy_init(void)
{
    return curl.curl_easy_init();
}

void ccurl_easy_cleanup(CURL *easy)
{
    curl.curl_easy_cleanup(easy);
}

CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, const void *value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_callback(CURL *easy, CURLoption option, ccurl_data_callback value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_progress_callback(CURL *easy, ccurl_progress_callback value)
{
    return curl.curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, value);
}

// Without it the kernel takes megabytes of a body at once, and nobody can tell a slow network from a silent one.
static int bound_unsent(void *context, curl_socket_t descriptor, curlsocktype purpose)
{
    (void)context;
    (void)purpose;
#ifdef TCP_NOTSENT_LOWAT
    int bytes = 64 * 1024;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
#else
    (void)descriptor;
#endif
    // The transfer goes on also where the system does not know the option.
    return CURL_SOCKOPT_OK;
}

CURLcode ccurl_easy_bound_unsent(CURL *easy)
{
    return curl.curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, bound_unsent);
}

ccurl_certificate_fault ccurl_easy_certificate_fault(CURL *easy)
{
    long result = 0;
    if (curl.curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result) != CURLE_OK) {
        return CCURL_CERTIFICATE_UNTRUSTED;
    }
    const char *library = curl.curl_version_info(CURLVERSION_NOW)->ssl_version;
    if (library != NULL && strncmp(library, "GnuTLS", 6) == 0) {
        // gnutls/gnutls.h, gnutls_certificate_status_t; a wrong name is found after the chain is verified.
        if (result == 0) return CCURL_CERTIFICATE_OTHER_NAME;
        if (result & 1 << 10) return CCURL_CERTIFICATE_EXPIRED;
        if (result & 1 << 9) return CCURL_CERTIFICATE_NOT_YET_VALID;
        return CCURL_CERTIFICATE_UNTRUSTED;
    }
    // openssl/x509_vfy.h, X509_V_ERR_*; a wrong name leaves what was there before, or 62.
    switch (result) {
    case 10: return CCURL_CERTIFICATE_EXPIRED;
    case 9: return CCURL_CERTIFICATE_NOT_YET_VALID;
    case 0: case 1: case 62: case 64: return CCURL_CERTIFICATE_OTHER_NAME;
    default: return CCURL_CERTIFICATE_UNTRUSTED;
    }
}

CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value)
{
    return curl.curl_easy_getinfo(easy, info, value);
}

CURLcode ccurl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value)
{
    return curl.curl_easy_getinfo(easy, info, value);
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text)
{
    return curl.curl_slist_append(list, text);
}

void ccurl_list_free(struct curl_slist *list)
{
    curl.curl_slist_free_all(list);
}

CURLM *ccurl_multi_init(void)
{
    return curl.curl_multi_init();
}

CURLMcode ccurl_multi_cleanup(CURLM *multi)
{
    return curl.curl_multi_cleanup(multi);
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value)
{
    return curl.curl_multi_setopt(multi, option, value);
}

CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy)
{
    return curl.curl_multi_add_handle(multi, easy);
}

CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy)
{
    return curl.curl_multi_remove_handle(multi, easy);
}

CURLMcode ccurl_multi_perform(CURLM *multi, int *running)
{
    return curl.curl_multi_perform(multi, running);
}

CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_milliseconds)
{
    return curl.curl_multi_poll(multi, NULL, 0, timeout_milliseconds, NULL);
}

CURLMcode ccurl_multi_wakeup(CURLM *multi)
{
    return curl.curl_multi_wakeup(multi);
}

CURL *ccurl_multi_next_finished(CURLM *multi, CURLcode *result)
{
    int left = 0;
    CURLMsg *message;
    while ((message = curl.curl_multi_info_read(multi, &left)) != NULL) {
        // CURLMSG_DONE is the only message there is, and may not stay so.
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

CURLU *ccurl_url_init(void)
{
    return curl.curl_url();
}

void ccurl_url_free(CURLU *url)
{
    curl.curl_url_cleanup(url);
}

CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags)
{
    return curl.curl_url_set(url, part, text, flags);
}

CURLUcode ccurl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags)
{
    return curl.curl_url_get(url, part, text, flags);
}

void ccurl_free(void *memory)
{
    curl.curl_free(memory);
}
