import ChangeLog
import Foundation
import HTTPServer
import Replica
import Sealing
import SyncClient
import SyncServer
import Trust

// Two notebooks, one server, all in one process: the server on a real socket, everything in real files.
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("notebook-\(UUID())").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

let log = try SQLiteChangeLog(path: folder + "/server.db")
let server = try HTTPServer(configuration: .init(port: 0), handler: SyncServer(log: log, registry: log))
let address = "http://127.0.0.1:\(server.port)"

func open(_ name: String) throws -> (Replica, SyncClient) {
    let replica = try Replica(path: "\(folder)/\(name).db", schema: Notebook.schema)
    return (replica, SyncClient(replica: replica))
}

/// Whoever runs the server invites somebody to found a line.
func foundingInvitation() async throws -> String {
    let invitation = Invitation(kind: .found, line: nil, address: address)
    let now = systemWallMilliseconds()
    try await log.perform(
        .inviteFounder(signingKey: invitation.keys.signing.publicKey, name: "Notebook", expires: now + 3_600_000),
        by: nil, request: randomBytes(16), now: now)
    return invitation.text
}

/// The lead invites, the newcomer shows six digits, and the lead types them.
func admit(_ newcomer: SyncClient, name: String, by lead: Lead) async throws {
    let invitation = try await lead.invite()
    let (digits, shown) = AsyncStream<String>.makeStream()
    async let joined = newcomer.join(invitation: invitation.text, name: name) { progress in
        if case .digits(let text) = progress { shown.yield(text) }
    }
    let answering = Task {
        // Until the newcomer has asked, nobody is there to be answered.
        while try await lead.applicants().isEmpty { try await Task.sleep(for: .milliseconds(100)) }
    }
    for await text in digits {
        // The newcomer may not have revealed itself to the server yet.
        while try await lead.admit(invitation.id, digits: text) == .notReady {
            try await Task.sleep(for: .milliseconds(100))
        }
        break
    }
    try await answering.value
    _ = try await joined
}

let (laptop, laptopSync) = try open("laptop")
let founding = try laptopSync.prepareFounding(invitation: try await foundingInvitation(), name: "laptop")
print("To be kept on paper:", founding.sheet.groups.prefix(3).joined(separator: " "), "…")
try await laptopSync.found(founding)

let (phone, phoneSync) = try open("phone")
try await admit(phoneSync, name: "phone", by: Lead(laptopSync))

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
