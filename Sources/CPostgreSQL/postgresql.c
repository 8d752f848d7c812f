#include "CPostgreSQL.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef struct cpq_option {
    char *keyword, *envvar, *compiled, *value, *label, *dispchar;
    int dispsize;
} cpq_option;

// PGnotify of libpq-fe.h: the fields above, and one that is libpq's own.
typedef struct cpq_notify {
    cpq_notification public_part;
    struct cpq_notify *next;
} cpq_notify;

typedef void (*cpq_notice_receiver)(void *argument, const PGresult *result);

// Every function that is used, in one list: it gives the table its fields and the loader its names.
#define CPQ_FUNCTIONS(use)                                                                                             \
    use(PGconn *, PQconnectdbParams, (const char *const *, const char *const *, int))                                  \
    use(void, PQfinish, (PGconn *))                                                                                    \
    use(int, PQstatus, (const PGconn *))                                                                               \
    use(char *, PQerrorMessage, (const PGconn *))                                                                      \
    use(int, PQsocket, (const PGconn *))                                                                               \
    use(int, PQserverVersion, (const PGconn *))                                                                        \
    use(const char *, PQparameterStatus, (const PGconn *, const char *))                                               \
    use(int, PQsslInUse, (PGconn *))                                                                                   \
    use(int, PQenterPipelineMode, (PGconn *))                                                                          \
    use(int, PQpipelineSync, (PGconn *))                                                                               \
    use(int, PQsendFlushRequest, (PGconn *))                                                                           \
    use(int, PQflush, (PGconn *))                                                                                      \
    use(int, PQsendPrepare, (PGconn *, const char *, const char *, int, const unsigned int *))                         \
    use(int, PQsendQueryPrepared,                                                                                      \
        (PGconn *, const char *, int, const char *const *, const int *, const int *, int))                             \
    use(PGresult *, PQgetResult, (PGconn *))                                                                           \
    use(int, PQisBusy, (PGconn *))                                                                                     \
    use(PGresult *, PQexec, (PGconn *, const char *))                                                                  \
    use(int, PQgetCopyData, (PGconn *, char **, int))                                                                  \
    use(int, PQresultStatus, (const PGresult *))                                                                       \
    use(char *, PQresultErrorField, (const PGresult *, int))                                                           \
    use(void, PQclear, (PGresult *))                                                                                   \
    use(int, PQntuples, (const PGresult *))                                                                            \
    use(char *, PQgetvalue, (const PGresult *, int, int))                                                              \
    use(int, PQgetlength, (const PGresult *, int, int))                                                                \
    use(int, PQgetisnull, (const PGresult *, int, int))                                                                \
    use(char *, PQcmdTuples, (PGresult *))                                                                             \
    use(int, PQconsumeInput, (PGconn *))                                                                               \
    use(cpq_notify *, PQnotifies, (PGconn *))                                                                          \
    use(void, PQfreemem, (void *))                                                                                     \
    use(cpq_option *, PQconninfoParse, (const char *, char **))                                                        \
    use(void, PQconninfoFree, (cpq_option *))                                                                          \
    use(cpq_notice_receiver, PQsetNoticeReceiver, (PGconn *, cpq_notice_receiver, void *))

#define CPQ_FIELD(type, name, arguments) type(*name) arguments;
static struct {
    CPQ_FUNCTIONS(CPQ_FIELD)
} pq;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static cpq_load_result load_result = CPQ_LIBRARY_MISSING;

// The folders of the system, and no others: a plain name would follow LD_LIBRARY_PATH, by which whoever sets a server's
// environment would read its password. Debian's come first, by the architecture's name.
static const char *const folders[] = {
#if defined(__APPLE__)
    "/opt/homebrew/opt/libpq/lib", "/usr/local/opt/libpq/lib",
#elif defined(__x86_64__)
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
#if defined(__APPLE__)
static const char *const file_name = "libpq.5.dylib";
#else
static const char *const file_name = "libpq.so.5";
#endif

static void *open_library(void)
{
    for (size_t folder = 0; folder < sizeof folders / sizeof folders[0]; folder++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", folders[folder], file_name);
        // RTLD_NOW: a broken installation fails here, with an error, and not in the middle of a commit.
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (library != NULL) {
            return library;
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
    load_result = CPQ_LIBRARY_UNUSABLE;
#define CPQ_RESOLVE(type, name, arguments)                    \
    pq.name = (type(*) arguments)dlsym(library, #name);       \
    if (pq.name == NULL) {                                    \
        return;                                               \
    }
    CPQ_FUNCTIONS(CPQ_RESOLVE)
    load_result = CPQ_LOADED;
}

cpq_load_result cpq_load(void)
{
    pthread_once(&load_once, load);
    return load_result;
}

// What a server remarks on its own is not for our log: it may quote values.
static void drop_notice(void *argument, const PGresult *result)
{
    (void)argument;
    (void)result;
}

PGconn *cpq_connect(const char *const *keywords, const char *const *values)
{
    PGconn *connection = pq.PQconnectdbParams(keywords, values, 1);
    if (connection != NULL) {
        pq.PQsetNoticeReceiver(connection, drop_notice, NULL);
    }
    return connection;
}

void cpq_finish(PGconn *connection) { pq.PQfinish(connection); }
int cpq_status(const PGconn *connection) { return pq.PQstatus(connection); }
char *cpq_error_message(const PGconn *connection) { return pq.PQerrorMessage(connection); }
int cpq_socket(const PGconn *connection) { return pq.PQsocket(connection); }
int cpq_server_version(PGconn *connection) { return pq.PQserverVersion(connection); }
const char *cpq_parameter_status(const PGconn *connection, const char *name)
{
    return pq.PQparameterStatus(connection, name);
}
int cpq_uses_tls(PGconn *connection) { return pq.PQsslInUse(connection); }

int cpq_enter_pipeline(PGconn *connection) { return pq.PQenterPipelineMode(connection); }
int cpq_pipeline_sync(PGconn *connection) { return pq.PQpipelineSync(connection); }
int cpq_send_flush_request(PGconn *connection) { return pq.PQsendFlushRequest(connection); }
int cpq_flush(PGconn *connection) { return pq.PQflush(connection); }

int cpq_send_prepare(PGconn *connection, const char *name, const char *text)
{
    return pq.PQsendPrepare(connection, name, text, 0, NULL);
}

int cpq_send_prepared(
    PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats)
{
    return pq.PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1);
}

PGresult *cpq_get_result(PGconn *connection) { return pq.PQgetResult(connection); }
PGresult *cpq_execute(PGconn *connection, const char *text) { return pq.PQexec(connection, text); }
int cpq_get_copy_data(PGconn *connection, char **buffer) { return pq.PQgetCopyData(connection, buffer, 0); }

int cpq_result_status(const PGresult *result) { return pq.PQresultStatus(result); }
char *cpq_result_field(const PGresult *result, int field) { return pq.PQresultErrorField(result, field); }
void cpq_clear(PGresult *result) { pq.PQclear(result); }
int cpq_row_count(const PGresult *result) { return pq.PQntuples(result); }
const char *cpq_value(const PGresult *result, int row, int column) { return pq.PQgetvalue(result, row, column); }
int cpq_length(const PGresult *result, int row, int column) { return pq.PQgetlength(result, row, column); }
int cpq_is_null(const PGresult *result, int row, int column) { return pq.PQgetisnull(result, row, column); }
const char *cpq_affected_rows(PGresult *result) { return pq.PQcmdTuples(result); }

int cpq_is_busy(PGconn *connection) { return pq.PQisBusy(connection); }
int cpq_consume_input(PGconn *connection) { return pq.PQconsumeInput(connection); }

cpq_notification *cpq_next_notification(PGconn *connection)
{
    cpq_notify *notify = pq.PQnotifies(connection);
    return notify == NULL ? NULL : &notify->public_part;
}

void cpq_free(void *memory) { pq.PQfreemem(memory); }

int cpq_parse(const char *text, cpq_option_callback callback, void *context)
{
    char *error = NULL;
    cpq_option *options = pq.PQconninfoParse(text, &error);
    if (options == NULL) {
        pq.PQfreemem(error);
        return 0;
    }
    for (cpq_option *option = options; option->keyword != NULL; option++) {
        if (option->value != NULL) {
            callback(option->keyword, option->value, context);
        }
    }
    pq.PQconninfoFree(options);
    return 1;
}
