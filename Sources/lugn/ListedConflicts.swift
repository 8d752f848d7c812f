import Casework
import Commands
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The numbers by which conflicts were last listed: `lugn conflicts keep 2` means the one that was shown as 2, also if
/// others have arrived or gone since. Kept beside the replica; ids only.
struct ListedConflicts {
    private let path: String

    init(_ workplace: Workplace) { path = workplace.folder + "/listed-conflicts.json" }

    /// Numbers them in the order given, from 1, and remembers it.
    @discardableResult
    func remember(_ ids: [String]) throws -> [String: Int] {
        if ids.isEmpty, try read().isEmpty { return [:] }
        let file = try NewFile.replacing(path)
        try file.write(JSONValue.array(ids.map { .string($0) }).text + "\n")
        try file.close()
        return Dictionary(uniqueKeysWithValues: zip(ids, 1...))
    }

    /// The id of what was listed under a number; what is no small number is an id itself.
    func id(_ text: String) throws -> String {
        guard text.utf8.count <= 4, let number = Int(text) else { return text }
        let listed = try read()
        guard listed.indices.contains(number - 1) else {
            throw CommandFailure(.failed, key: "failure.notListed")
        }
        return listed[number - 1]
    }

    private func read() throws -> [String] {
        guard unsafe access(path, F_OK) == 0 else { return [] }
        let text = String(decoding: try readFile(path, limit: 4 << 20), as: UTF8.self)
        // A file that was cut short is as good as none: the next list writes it anew.
        guard let document = try? JSONValue(parsing: text) else { return [] }
        return document.array?.compactMap(\.string) ?? []
    }
}
