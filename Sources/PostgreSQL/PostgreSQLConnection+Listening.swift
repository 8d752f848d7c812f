import CPostgreSQL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension PostgreSQLConnection {
    /// Waits for notifications, for at most so long. Returns their payloads; none: the time is over.
    ///
    /// Errors: the connection was lost.
    public func notifications(milliseconds: Int32) throws(PostgreSQLError) -> [String] {
        var payloads = pending()
        if !payloads.isEmpty { return payloads }
        var descriptor = unsafe pollfd(fd: cpq_socket(handle), events: Int16(POLLIN), revents: 0)
        let ready = unsafe poll(&descriptor, 1, milliseconds)
        if ready <= 0 { return [] }
        guard unsafe cpq_consume_input(handle) == 1 else {
            throw PostgreSQLError(message: "the connection to PostgreSQL was lost", isConnectionLost: true)
        }
        payloads = pending()
        return payloads
    }

    private func pending() -> [String] {
        var payloads: [String] = []
        while let notification = unsafe cpq_next_notification(handle) {
            if let payload = unsafe notification.pointee.payload { unsafe payloads.append(String(cString: payload)) }
            unsafe cpq_free(notification)
        }
        return payloads
    }
}
