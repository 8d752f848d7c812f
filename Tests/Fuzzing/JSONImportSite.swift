import Casework
import Replica
import SQLite
import Support

/// Two empty lines at one fixed moment, on replicas that every input finds as they were made.
final class JSONImportSite: Sendable {
    private static let now: Int64 = 1_700_000_000_000

    private let folder: ScratchFolder
    /// An empty replica, which is made once: making one takes longer than most imports.
    private let image: [UInt8]
    /// Kept for the next input unless this one has brought something in, which most do not.
    private let kept = Lock<Casework?>(nil)

    init() throws {
        folder = try ScratchFolder()
        let (path, copy) = (folder.path + "/template.db", folder.path + "/image.db")
        do {
            let replica = try Self.replica(path)
            // A backup, since the replica's own file lacks what stands in its write-ahead log.
            try Connection(path: replica.path, mode: .readOnly).backUp(to: try Connection(path: copy, mode: .create))
        }
        image = try ScratchFile.load(copy)
        folder.remove("template.db")
        folder.remove("image.db")
    }

    func here() throws -> Casework {
        if let casework = kept.withLock({ $0 }) { return casework }
        let casework = try open("here.db")
        kept.withLock { $0 = casework }
        return casework
    }

    func hasChanged() { kept.withLock { $0 = nil } }

    func there() throws -> Casework { try open("there.db") }

    private func open(_ name: String) throws -> Casework {
        folder.remove(name)
        let path = "\(folder.path)/\(name)"
        try ScratchFile.store(image, at: path)
        return Casework(try Self.replica(path), wallMilliseconds: { Self.now })
    }

    private static func replica(_ path: String) throws -> Replica {
        let environment = Replica.Environment(wallMilliseconds: { now }, randomWord: { 0x5EED })
        return try Replica(path: path, schema: CaseworkSchema.schema, environment: environment)
    }
}
