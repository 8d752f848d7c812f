import Foundation
import Merge
import Sealing

/// A folder of its own for each test, removed with the last reference.
public final class TemporaryFolder: Sendable {
    public let path: String
    public init() {
        path = "/tmp/lugn-test-\(ReplicaID(rawValue: randomWord()))"
        unsafe mkdir(path, 0o700)
    }
    public func file(_ name: String) -> String { path + "/" + name }
    deinit {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        unsafe rmdir(path)
    }
}
