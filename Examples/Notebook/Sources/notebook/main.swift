import ChangeLog
import Foundation
import HTTPServer
import Replica
import Sealing
import SyncClient
import SyncServer

// Two notebooks, one server, all in one process: the server on a real socket, everything in real files.
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("notebook-\(UUID())").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

let log = try SQLiteChangeLog(path: folder + "/server.db")
let line = try await log.createLine(name: "Notebook", now: systemWallMilliseconds())
let server = try HTTPServer(configuration: .init(port: 0), handler: SyncServer(log: log))
let key = LineKey.random()

func open(_ name: String) async throws -> (Replica, SyncClient) {
    let replica = try Replica(path: "\(folder)/\(name).db", schema: Notebook.schema)
    let client = SyncClient(replica: replica)
    let invitation = try await Secrets.invitation(to: line, in: log, now: systemWallMilliseconds(), hours: 1)
    try await client.join(
        server: "http://127.0.0.1:\(server.port)", invitation: invitation.text, name: name, key: key)
    return (replica, client)
}

let (laptop, laptopSync) = try await open("laptop")
let (phone, phoneSync) = try await open("phone")

// One transaction, one commit; on disk when it returns, network or not.
let page = try laptop.write { tx in
    let page = try tx.insert(Notebook.pages) { $0[Notebook.title] = "Calm" }
    try tx.add(Notebook.comments, parent: page) { $0[Notebook.text] = "written on the laptop" }
    return page
}
try await laptopSync.sync()
try await phoneSync.sync()

// Both offline, both at work: different fields merge, comments add up.
try laptop.write { try $0.update(Notebook.pages, page) { $0[Notebook.isStarred] = true } }
try phone.write { tx in
    try tx.update(Notebook.pages, page) { $0[Notebook.title] = "Lugn" }
    try tx.add(Notebook.comments, parent: page) { $0[Notebook.text] = "written on the phone" }
}
for client in [laptopSync, phoneSync, laptopSync] { try await client.sync() }

for (name, replica) in [("laptop", laptop), ("phone", phone)] {
    try replica.read { snapshot in
        guard let found = try snapshot.fetch(Notebook.pages, page) else { return print("\(name): lost the page") }
        let comments = try snapshot.records(Notebook.comments, where: "parent = ? ORDER BY id", [.reference(page)])
        print("\(name): \(found[Notebook.title] ?? "") starred: \(found[Notebook.isStarred] ?? false)", terminator: " ")
        print(comments.map { $0[Notebook.text] ?? "" })
    }
}
await server.stop()
let isEqual = try laptop.status().fingerprint == phone.status().fingerprint
print(isEqual ? "equal, and proven so" : "not equal")
exit(isEqual ? 0 : 1)
