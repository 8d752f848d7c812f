import Casework
import Replica
import Support

/// Two empty lines at one fixed moment, on replicas that every input finds as they were made.
final class JSONImportSite: Sendable {
    private static let now: Int64 = 1_700_000_000_000

    private let folder: ScratchFolder
    /// Kept for the next input unless this one has brought something in, which most do not.
    private let kept = Lock<Casework?>(nil)

    init() throws { folder = try ScratchFolder() }

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
        let environment = Replica.Environment(wallMilliseconds: { Self.now }, randomWord: { 0x5EED })
        let replica = try Replica(
            path: "\(folder.path)/\(name)", schema: CaseworkSchema.schema, environment: environment)
        return Casework(replica, wallMilliseconds: { Self.now })
    }
}
