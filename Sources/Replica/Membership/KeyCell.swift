import Support
import Trust

/// One place for a workstation's keys, shared between threads.
final class KeyCell: Sendable {
    private let stored: Lock<DeviceKeys?>
    init(_ keys: DeviceKeys?) { stored = Lock(keys) }
    var value: DeviceKeys? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}
