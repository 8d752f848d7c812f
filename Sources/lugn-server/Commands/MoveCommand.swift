import ChangeLog
import Commands
import ServerStore
import Support

/// `lugn-server move`: from a folder to a database, or back.
let moveCommand = Command(
    "move", summary: "Move a store from a folder to a database, or back.",
    details: """
        Stop all servers on both before. Every row is copied and compared; workstations notice nothing. A move that was stopped \
        goes on where it was when the same command is given again; until it has ended, no server takes what is moved to for a \
        store. What was moved from stays as it is: keep it until the next backup, and start no server on it.
        """,
    options: [
        .value("from", "PLACE", "sqlite:DIR, or postgresql://HOST/NAME.", required: true),
        .value("to", "PLACE", "The same; a folder or a database without a store.", required: true),
    ],
    example: "lugn-server move --from sqlite:/var/lib/lugn --to postgresql://lugn@db1/lugn"
) { context in
    let unverified = context.flag("store-unverified")
    let from = try MovePlace(context.require("from"), unverified)
    let to = try MovePlace(context.require("to"), unverified)
    guard from.folder != nil || to.folder != nil else {
        throw CommandFailure.wrongUsage(
            "one of both is a folder", action: "Between databases use PostgreSQL's own: pg_dump, replication")
    }
    try await OperatorText.told {
        // For as long as it takes no server starts on them.
        let locks = [try from.folder?.open(), try to.folder?.createEmpty()]
        defer { withExtendedLifetime(locks) {} }
        var shown = MonotonicClock.system.nowNanoseconds()
        let lines = try StoreMove(from: from.source, to: to.target).run { progress in
            let now = MonotonicClock.system.nowNanoseconds()
            guard now - shown >= 1_000_000_000 else { return }
            shown = now
            context.output.note("\(progress.line): \(progress.rows) of \(progress.total) rows")
        }
        try to.putInPlace()
        context.output.print(
            lines.count == 1 ? "Moved: 1 line, compared and equal." : "Moved: \(lines.count) lines, compared and equal."
        )
        context.output.note("Start the server with \(to.folder == nil ? "--store" : "--data"), and only there.")
    }
}

/// What a move goes from or to.
private struct MovePlace {
    let folder: StoreFolder?
    private let address: String
    private let allowsUnverified: Bool

    init(_ text: String, _ allowsUnverified: Bool) throws(CommandFailure) {
        self.allowsUnverified = allowsUnverified
        address = text
        if text.hasPrefix("sqlite:"), text.count > "sqlite:".count {
            folder = StoreFolder(path: String(text.dropFirst("sqlite:".count)))
        } else if StoreLocation.isAddress(text) {
            folder = nil
        } else {
            throw .wrongUsage("a place is sqlite:DIR or postgresql://HOST/NAME, and not \(text)")
        }
    }

    var source: StoreMove.Place { place { $0.database } }
    /// Under another name until it is whole.
    var target: StoreMove.Place { place { $0.database + ".moving" } }

    private func place(_ path: (StoreFolder) -> String) -> StoreMove.Place {
        folder.map { .file(path($0)) } ?? .database(address: address, allowsUnverified: allowsUnverified)
    }

    func putInPlace() throws {
        guard let folder else { return }
        let part = folder.database + ".moving"
        for leftover in [part + "-wal", part + "-shm"] { SystemFile.remove(leftover) }
        try SystemFile.bringToDisk(part)
        try SystemFile.rename(part, to: folder.database)
    }
}
