/// The operating system's refusal to write to a file descriptor.
package struct DescriptorFailure: Error, Equatable {
    /// The `errno` of the failed call.
    package let errorNumber: Int32

    package init(errorNumber: Int32) {
        self.errorNumber = errorNumber
    }
}
