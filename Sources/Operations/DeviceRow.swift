public import JSON

/// A workstation as lists of operators show it.
public struct DeviceRow: Sendable {
    public let device: JSONValue
    /// The server's time.
    public let now: Int64

    public init(device: JSONValue, now: Int64) {
        self.device = device
        self.now = now
    }

    private static let day: Int64 = 86_400_000

    public var id: String { Shown.text(device["device"]) }
    public var name: String { Shown.text(device["name"]) }
    public var isRevoked: Bool { device["revoked"]?.bool == true }
    public var lag: Int64 { device["lag"]?.integer ?? 0 }
    public var pending: Int64 { device["pending"]?.integer ?? 0 }
    /// Whether it ever synced.
    public var hasCalled: Bool { device["lastSeen"]?.string != nil }
    public var lastSeen: Int64 { Shown.milliseconds(device["lastSeen"]) ?? 0 }
    public var silence: Int64 { now - lastSeen }
    public var isSilent: Bool { silence > Self.day }
    public var clockOffset: Int64 { device["clockOffsetMilliseconds"]?.integer ?? 0 }
    public var oldestPending: Int64? { Shown.milliseconds(device["oldestPending"]) }
    public var differs: Bool { device["verified"]?.bool == false }
    public var setAside: Int64 { device["setAside"]?.integer ?? 0 }
    public var unopened: Int64 { device["unopened"]?.integer ?? 0 }
    /// Than the line serves.
    public var isTooOld: Bool { device["tooOld"]?.bool == true }
    public var numbersLeft: Int64 { device["numbersLeft"]?.integer ?? 0 }
    public var replicas: [JSONValue] { device["replicas"]?.array ?? [] }
    public var version: String { (device["program"]?.string).flatMap { $0.isEmpty ? nil : $0 } ?? "-" }

    /// How it stands, in one word, as the server has it.
    public var state: String { Shown.text(device["state"]) }

    /// Whether an operator should look at it.
    public var isTroubled: Bool {
        !isRevoked && hasCalled
            && (isSilent || differs || isTooOld || setAside > 0 || unopened > 0 || clockOffset.magnitude > 60_000
                || oldestPending.map { now - $0 > Self.day } == true)
    }

    // MARK: Sorting and choosing

    public static let orders = ["name", "seen", "lag", "unsent", "clock", "version"]
    public static let choices = [
        "troubled", "silent", "behind", "unsent", "differing", "aside", "unopened", "too-old", "revoked",
    ]

    /// Whether it stands before another; the worst first.
    public func precedes(_ other: DeviceRow, by order: String) -> Bool {
        switch order {
        case "seen": silence > other.silence
        case "lag": lag > other.lag
        case "unsent": pending > other.pending
        case "clock": clockOffset.magnitude > other.clockOffset.magnitude
        case "version": version < other.version
        default: name < other.name
        }
    }

    public func isChosen(by choice: String) -> Bool {
        switch choice {
        case "troubled": isTroubled
        case "silent": !isRevoked && hasCalled && isSilent
        case "behind": !isRevoked && lag > 0
        case "unsent": !isRevoked && pending > 0
        case "differing": differs
        case "aside": setAside > 0
        case "unopened": unopened > 0
        case "too-old": !isRevoked && isTooOld
        default: isRevoked
        }
    }

    /// For the page: all that the server tells, and whether somebody should look.
    public var json: JSONValue {
        guard case .object(let members) = device else { return device }
        return .object(
            members + [JSONMember("isTroubled", .bool(isTroubled))])
    }
}
