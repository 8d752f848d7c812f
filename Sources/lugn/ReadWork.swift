import JSON
import SyncClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Which unsent work was read last at this workstation: what is taken in is that, and not what came or was put there since.
/// Kept beside the replica; a hash only.
struct ReadWork {
    private let path: String

    init(_ workplace: Workplace) { path = workplace.folder + "/read-work.json" }

    func remember(_ work: Lead.UnsentWork) throws {
        let file = try NewFile.replacing(path)
        try file.write(JSONValue.string(work.mark).text + "\n")
        try file.close()
    }

    func isRead(_ work: Lead.UnsentWork) throws -> Bool {
        guard unsafe access(path, F_OK) == 0 else { return false }
        let text = String(decoding: try readFile(path, limit: 4_096), as: UTF8.self)
        return (try? JSONValue(parsing: text))?.string == work.mark
    }
}
