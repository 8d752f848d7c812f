import CSQLite
import Merge

/// SQLite and nothing else, called as directly as it goes: the limit that everything is measured against.
///
/// The same journal, durability and cache as a replica's. It is not opened through Lugn's own wrapper, which does more.
@safe
final class PlainDatabase {
    private let handle: OpaquePointer

    init(_ path: String, cacheKibibytes: Int = Bench.cacheKibibytes) throws {
        var pointer: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &pointer, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe pointer else { throw PlainError(code: code) }
        unsafe handle = opened
        try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
        try execute("PRAGMA cache_size = -\(cacheKibibytes)")
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    func execute(_ sql: String) throws {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw PlainError(code: code) }
    }

    func prepare(_ sql: String) throws -> PlainStatement {
        var pointer: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard code == SQLITE_OK, let statement = unsafe pointer else { throw PlainError(code: code) }
        return unsafe PlainStatement(statement, owner: self)
    }

    /// Loads an extension; the file's entry point goes by SQLite's own rule.
    func load(_ library: String) throws {
        unsafe sqlite3_enable_load_extension(handle, 1)
        var message: UnsafeMutablePointer<CChar>?
        guard unsafe sqlite3_load_extension(handle, library, nil, &message) == SQLITE_OK else {
            defer { unsafe sqlite3_free(message) }
            let reason = unsafe message.map { unsafe String(cString: $0) } ?? "no reason was given"
            throw BenchError("\(library) cannot be loaded: \(reason)")
        }
    }

    /// The file's absolute path.
    func path() throws -> String {
        guard let path = unsafe sqlite3_db_filename(handle, "main") else { throw PlainError(code: SQLITE_CANTOPEN) }
        return unsafe String(cString: path)
    }

    /// For SQLite's session extension, which is no statement.
    func withHandle<Result>(_ body: (OpaquePointer) throws -> Result) rethrows -> Result { try unsafe body(handle) }
}

struct PlainError: Error, CustomStringConvertible {
    var code: Int32
    var description: String { "plain SQLite: \(unsafe String(cString: sqlite3_errstr(code)))" }
}

/// A compiled statement; parameters are bound without copies, and must outlive the run.
@safe
final class PlainStatement {
    private let handle: OpaquePointer
    private let owner: PlainDatabase

    @unsafe init(_ handle: OpaquePointer, owner: PlainDatabase) {
        unsafe self.handle = unsafe handle
        self.owner = owner
    }

    deinit { unsafe sqlite3_finalize(handle) }

    func bind(_ index: Int32, _ value: Int64) { unsafe sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ id: RecordID) {
        var pair = (id.high.bigEndian, id.low.bigEndian)
        unsafe withUnsafeBytes(of: &pair) { pair in
            _ = unsafe sqlite3_bind_blob(handle, index, pair.baseAddress, 16, lugn_sqlite_transient())
        }
    }

    /// Binds texts that stand one after the other in a buffer, from a parameter on, runs to the end, and lets go of them.
    func run(texts first: Int32, _ texts: PlainTexts) throws {
        try unsafe texts.bytes.withUnsafeBytes { bytes in
            var start = 0
            var index = first
            for end in texts.ends {
                let place = unsafe bytes.baseAddress! + start
                unsafe sqlite3_bind_text(
                    handle, index, place.assumingMemoryBound(to: CChar.self), Int32(end - start), lugn_sqlite_static())
                start = end
                index += 1
            }
            try run()
        }
    }

    /// Binds a blob, runs to the end, and lets go of it.
    func run(blob index: Int32, _ bytes: ArraySlice<UInt8>) throws {
        try unsafe bytes.withUnsafeBytes { bytes in
            unsafe sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), lugn_sqlite_static())
            try run()
        }
    }

    func run() throws {
        let code = unsafe sqlite3_step(handle)
        unsafe sqlite3_reset(handle)
        if code != SQLITE_DONE, code != SQLITE_ROW { throw PlainError(code: code) }
    }

    func step() throws -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        unsafe sqlite3_reset(handle)
        if code != SQLITE_DONE { throw PlainError(code: code) }
        return false
    }

    func rewind() { unsafe sqlite3_reset(handle) }

    func integer(_ index: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, index) }

    func append(_ index: Int32, to bytes: inout [UInt8]) {
        let count = Int(unsafe sqlite3_column_bytes(handle, index))
        guard let start = unsafe sqlite3_column_blob(handle, index) else { return }
        unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Texts as plain SQLite is given them: ready, in one buffer.
struct PlainTexts {
    var bytes: [UInt8] = []
    var ends: [Int] = []

    init(_ texts: [String]) {
        for text in texts {
            bytes += Array(text.utf8)
            ends.append(bytes.count)
        }
    }
}
