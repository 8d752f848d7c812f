/// Which release this is: the one place that says so.
public enum Release {
    /// Three numbers, as in `0.1.0`: <https://semver.org>.
    public static let version = "0.1.0"
}
