#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Ends the process; `exit(3)` under a name that does not collide.
func endProcess(_ status: Int32) -> Never {
    exit(status)
}

/// The process's environment.
public enum Environment {
    /// The value of a variable; nil when it is unset or empty.
    ///
    /// Not safe beside code that changes the environment; ours never does.
    public static func value(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        let value = unsafe String(cString: text)
        return value.isEmpty ? nil : value
    }
}
