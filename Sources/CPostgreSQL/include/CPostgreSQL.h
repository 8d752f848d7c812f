// libpq, loaded at first use instead of linked: who keeps the change log in SQLite needs nothing of it.
//
// The few declarations stand here, so that nothing of PostgreSQL is needed to build either. They are those of libpq's
// stable interface (libpq.so.5), pipeline mode included, which came with PostgreSQL 14.
#pragma once

#include <stddef.h>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

typedef struct cpq_notification {
    char *channel;
    int process;
    char *payload;
} cpq_notification;

enum {
    CPQ_CONNECTION_OK = 0,
};

// ExecStatusType of libpq-fe.h.
enum {
    CPQ_EMPTY_QUERY = 0,
    CPQ_COMMAND_OK = 1,
    CPQ_TUPLES_OK = 2,
    CPQ_COPY_OUT = 3,
    CPQ_FATAL_ERROR = 7,
    CPQ_PIPELINE_SYNC = 10,
    CPQ_PIPELINE_ABORTED = 11,
};

// Field codes of PQresultErrorField.
enum {
    CPQ_SQLSTATE = 'C',
    CPQ_PRIMARY_MESSAGE = 'M',
};

typedef enum {
    CPQ_LOADED = 0,
    /// No libpq could be opened.
    CPQ_LIBRARY_MISSING,
    /// A library was opened, but it lacks a function: it is older than PostgreSQL 14.
    CPQ_LIBRARY_UNUSABLE,
} cpq_load_result;

/// Opens libpq, once per process; later calls return the first result. Thread-safe. Every other function may be called only
/// after this returned CPQ_LOADED. The library is never closed again.
cpq_load_result cpq_load(void);

PGconn *cpq_connect(const char *const *keywords, const char *const *values);
void cpq_finish(PGconn *connection);
int cpq_status(const PGconn *connection);
char *cpq_error_message(const PGconn *connection);
int cpq_socket(const PGconn *connection);
int cpq_server_version(PGconn *connection);
const char *cpq_parameter_status(const PGconn *connection, const char *name);
int cpq_uses_tls(PGconn *connection);

int cpq_enter_pipeline(PGconn *connection);
int cpq_pipeline_sync(PGconn *connection);
int cpq_send_flush_request(PGconn *connection);
int cpq_flush(PGconn *connection);
int cpq_send_prepare(PGconn *connection, const char *name, const char *text);
/// Parameters and results are binary.
int cpq_send_prepared(
    PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats);
PGresult *cpq_get_result(PGconn *connection);

/// Statements in text, as many as there are, outside of pipeline mode.
PGresult *cpq_execute(PGconn *connection, const char *text);
int cpq_get_copy_data(PGconn *connection, char **buffer);

int cpq_result_status(const PGresult *result);
char *cpq_result_field(const PGresult *result, int field);
void cpq_clear(PGresult *result);
int cpq_row_count(const PGresult *result);
const char *cpq_value(const PGresult *result, int row, int column);
int cpq_length(const PGresult *result, int row, int column);
int cpq_is_null(const PGresult *result, int row, int column);
const char *cpq_affected_rows(PGresult *result);

int cpq_is_busy(PGconn *connection);
int cpq_consume_input(PGconn *connection);
/// Nil, or a notification that cpq_free() releases.
cpq_notification *cpq_next_notification(PGconn *connection);
void cpq_free(void *memory);

/// Whether a connection string can be read; calls back with each keyword that it sets.
typedef void (*cpq_option_callback)(const char *keyword, const char *value, void *context);
int cpq_parse(const char *text, cpq_option_callback callback, void *context);
