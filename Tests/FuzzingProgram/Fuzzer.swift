import Dispatch
import Fuzzing
import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

#if FUZZING
    /// Which harness runs: `LUGN_FUZZ` names it. Set up with the first input.
    private let check: Harness.Check = {
        let name = unsafe getenv("LUGN_FUZZ").map { unsafe String(cString: $0) } ?? ""
        guard let harness = Harness.named(name) else {
            stop("LUGN_FUZZ names no harness: \(Harness.all.map(\.name).joined(separator: ", "))")
        }
        do { return try wait { try await harness.start() } } catch { stop("the harness cannot be set up: \(error)") }
    }()

    /// What libFuzzer calls with every input: <https://llvm.org/docs/LibFuzzer.html#fuzz-target>.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
        do {
            switch check {
            case .immediate(let body): try body(bytes)
            case .suspending(let body): try wait { try await body(bytes) }
            }
        } catch {
            stop("\(error)")
        }
        return 0
    }

    /// Runs the work to its end on other threads; libFuzzer's own waits.
    private func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let finished = DispatchSemaphore(value: 0)
        let outcome = Lock<Result<Value, any Error>?>(nil)
        Task.detached {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            finished.signal()
        }
        finished.wait()
        guard let result = outcome.withLock({ $0 }) else { stop("the work ended without an outcome") }
        return try result.get()
    }

    /// Ends the process so that libFuzzer keeps the input.
    private func stop(_ reason: String) -> Never {
        Logger.standardError(Array("PROPERTY: \(reason)\n".utf8))
        abort()
    }
#else
    /// Without a fuzzer around it the program tells how to get one.
    @main struct Fuzzer {
        static func main() {
            print("This is a fuzzer only in a build with -D FUZZING --sanitize=fuzzer: use Tests/programs/fuzz.sh.")
            print("Harnesses: \(Harness.all.map(\.name).joined(separator: ", "))")
        }
    }
#endif
