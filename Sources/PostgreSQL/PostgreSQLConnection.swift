import CPostgreSQL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// One connection, in pipeline mode: what is sent is answered together, in one exchange with the server.
///
/// Calls block, each for at most ``patienceMilliseconds``. One thread at a time.
@safe
public final class PostgreSQLConnection: @unchecked Sendable {
    // @unchecked: whoever has it has it alone (``ConnectionPool``).
    let handle: OpaquePointer
    /// After an error that leaves it unusable: it is to be closed.
    public private(set) var isBroken = false
    /// How long a server may take to answer anything.
    public var patienceMilliseconds = PostgreSQLConnection.usualPatienceMilliseconds
    public static let usualPatienceMilliseconds: Int32 = 45_000

    private enum Awaited { case preparation(SQLStatement), query }
    private var awaited: [Awaited] = []
    private var received: [Rows] = []
    private var failure: PostgreSQLError?
    /// By the statement's number.
    private var isPrepared: [Bool] = []
    private var parameters = Parameters()
    private var isInTransaction = false
    /// More answers than these are fetched on the way, so that neither side's buffers grow.
    private static let mostAwaited = 512

    /// Connects. Blocks for as long as the address's `connect_timeout` says.
    ///
    /// Errors: what libpq says of a connection that failed.
    public init(_ address: DatabaseAddress) throws(PostgreSQLError) {
        unsafe handle = try address.connect()
    }

    deinit { unsafe cpq_finish(handle) }

    // MARK: Sending and receiving

    /// Sends a statement with its parameters; ``receive()`` gets the answer. Nothing need have happened when this returns.
    public func send(_ statement: SQLStatement, _ bind: (inout Parameters) -> Void = { _ in }) throws(PostgreSQLError) {
        if awaited.count >= Self.mostAwaited { try fetch() }
        if isPrepared.count <= statement.number {
            isPrepared += Array(repeating: false, count: statement.number + 1 - isPrepared.count)
        }
        if !isPrepared[statement.number] {
            isPrepared[statement.number] = true
            try checked(unsafe cpq_send_prepare(handle, statement.name, statement.text))
            awaited.append(.preparation(statement))
        }
        parameters.removeAll()
        bind(&parameters)
        try checked(sendParameters(to: statement))
        awaited.append(.query)
    }

    /// Gets the answers to what was sent since it was last called, in order.
    ///
    /// Errors: the first statement's that failed. None behind it was carried out, and a transaction that was open is over.
    @discardableResult
    public func receive() throws(PostgreSQLError) -> [Rows] {
        try checked(unsafe cpq_pipeline_sync(handle))
        try collect()
        try waitForAnswer()
        let end = unsafe cpq_get_result(handle)
        let isSynchronous = unsafe end.map { unsafe cpq_result_status($0) == Int32(CPQ_PIPELINE_SYNC) } ?? false
        if let end = unsafe end { unsafe cpq_clear(end) }
        guard isSynchronous else { throw lost() }
        let rows = received
        received = []
        if let failure {
            self.failure = nil
            try leaveTransaction()
            throw failure
        }
        return rows
    }

    /// Sends one statement and gets its answer.
    public func run(
        _ statement: SQLStatement, _ bind: (inout Parameters) -> Void = { _ in }
    ) throws(PostgreSQLError) -> Rows {
        try send(statement, bind)
        let rows = try receive()
        guard let last = rows.last else { throw lost() }
        return last
    }

    // MARK: Transactions

    /// Begins a transaction with the next exchange. Every statement sees what was committed before it began.
    public func sendBegin() throws(PostgreSQLError) { try begin(Transactions.begin) }
    /// One that only reads, and sees one moment.
    public func sendSnapshot() throws(PostgreSQLError) { try begin(Transactions.snapshot) }
    /// The transaction ends with the next exchange: with its success everything is durable.
    public func sendCommit() throws(PostgreSQLError) {
        try send(Transactions.commit)
        isInTransaction = false
    }

    /// Takes everything back that was not committed. Whatever goes wrong makes the connection unusable.
    public func rollBack() {
        if isBroken || !isInTransaction { return }
        do { try leaveTransaction() } catch { isBroken = true }
    }

    /// Nobody is to use it again: it leads to a server that is not what it was.
    func abandon() { isBroken = true }

    private func begin(_ statement: SQLStatement) throws(PostgreSQLError) {
        try send(statement)
        isInTransaction = true
    }

    private func leaveTransaction() throws(PostgreSQLError) {
        isInTransaction = false
        try send(Transactions.rollback)
        try receive()
    }

    // MARK: What the server is

    /// As a number: 150018 for 15.18.
    public var serverVersion: Int { Int(unsafe cpq_server_version(handle)) }
    /// A parameter that the server reports, such as `server_version`.
    public func reported(_ name: String) -> String? {
        unsafe cpq_parameter_status(handle, name).map { unsafe String(cString: $0) }
    }
    public var usesTLS: Bool { unsafe cpq_uses_tls(handle) != 0 }

    // MARK: Parts

    private func sendParameters(to statement: SQLStatement) -> Int32 {
        let count = parameters.places.count
        return unsafe parameters.bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                    for (index, place) in parameters.places.enumerated() {
                        let start = unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0 + place.start) }
                        // An empty value is not NULL: it needs an address, and nothing is read there.
                        let address = unsafe start ?? UnsafeRawPointer(values.baseAddress!)
                        unsafe values.initializeElement(
                            at: index, to: place.length < 0 ? nil : address.assumingMemoryBound(to: CChar.self))
                        unsafe numbers.initializeElement(at: index, to: Int32(max(0, place.length)))
                        unsafe numbers.initializeElement(at: count + index, to: 1)
                    }
                    return unsafe cpq_send_prepared(
                        handle, statement.name, Int32(count), values.baseAddress, numbers.baseAddress,
                        numbers.baseAddress.map { unsafe $0 + count })
                }
            }
        }
    }

    /// Gets the answers to what was sent so far, without an end of the exchange.
    private func fetch() throws(PostgreSQLError) {
        try checked(unsafe cpq_send_flush_request(handle))
        try collect()
    }

    private func collect() throws(PostgreSQLError) {
        try checked(unsafe cpq_flush(handle) == 0 ? 1 : 0)
        for expected in awaited {
            try waitForAnswer()
            guard let result = unsafe cpq_get_result(handle) else { throw lost() }
            unsafe note(result, expected)
            // Each answer ends with a null.
            try waitForAnswer()
            while let more = unsafe cpq_get_result(handle) { unsafe cpq_clear(more) }
        }
        awaited.removeAll(keepingCapacity: true)
    }

    private func note(_ result: OpaquePointer, _ expected: Awaited) {
        let status = Int(unsafe cpq_result_status(result))
        if status == CPQ_TUPLES_OK || status == CPQ_COMMAND_OK {
            if case .query = expected { return received.append(unsafe Rows(result)) }
        } else {
            if case .preparation(let statement) = expected { isPrepared[statement.number] = false }
            if status != CPQ_PIPELINE_ABORTED, failure == nil { failure = unsafe Self.error(result) }
        }
        unsafe cpq_clear(result)
    }

    private static func error(_ result: OpaquePointer) -> PostgreSQLError {
        func field(_ field: Int) -> String {
            unsafe cpq_result_field(result, Int32(field)).map { unsafe String(cString: $0) } ?? ""
        }
        let message = field(CPQ_PRIMARY_MESSAGE)
        return PostgreSQLError(
            sqlState: field(CPQ_SQLSTATE), message: message.isEmpty ? "the connection was lost" : message)
    }

    /// Waits until an answer can be got without blocking.
    private func waitForAnswer() throws(PostgreSQLError) {
        while unsafe cpq_is_busy(handle) != 0 {
            var descriptor = unsafe pollfd(fd: cpq_socket(handle), events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&descriptor, 1, patienceMilliseconds)
            if ready < 0, errno == EINTR { continue }
            if ready == 0 {
                isBroken = true
                throw .timedOut
            }
            try checked(unsafe cpq_consume_input(handle))
        }
    }

    private func checked(_ result: Int32) throws(PostgreSQLError) {
        if result != 1 { throw lost() }
    }

    private func lost() -> PostgreSQLError {
        isBroken = true
        var error = failure ?? PostgreSQLError(message: "the connection to PostgreSQL was lost")
        error.isConnectionLost = true
        return error
    }
}

private enum Transactions {
    static let begin = SQLStatement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    static let snapshot = SQLStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    static let commit = SQLStatement("COMMIT")
    static let rollback = SQLStatement("ROLLBACK")
}
