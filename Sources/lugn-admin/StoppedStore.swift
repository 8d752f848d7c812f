import ChangeLog
import Commands
import HTTPServer
import JSON
import ServerStore
import Support
import SyncServer

/// The store of a server that is stopped: what a server would answer is answered here, by the same code.
struct StoppedStore: OperatorTransport {
    private let folder: StoreFolder
    private let lock: StoreLock
    private let server: SyncServer

    /// Errors: where a server runs, there is no store, or it cannot be used.
    init(folder path: String) throws {
        let folder = StoreFolder(path: path)
        lock = try folder.open()
        let log = try SQLiteChangeLog(path: folder.database, creates: false)
        server = SyncServer(
            log: log, registry: log,
            readiness: Readiness { () throws(Readiness.Failure) in try folder.probe() }, host: { folder.facts() })
        self.folder = folder
    }

    func send(
        _ method: String, _ path: String, query: [(String, String)], body: [UInt8], timeoutSeconds: Double
    ) async throws -> JSONValue {
        let response = await server.answerOperator(
            method: method == "POST" ? .post : .get, path: path,
            query: Dictionary(query, uniquingKeysWith: { first, _ in first }), body: body)
        let document = try JSONValue(parsing: response.body)
        guard response.status == 200 else {
            throw CommandFailure(document["detail"]?.string ?? "status \(response.status)")
        }
        return document
    }
}
