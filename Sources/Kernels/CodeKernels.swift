internal import CKernels

/// One instruction set's kernels of the exact index.
public struct CodeKernels: Sendable, Hashable, CustomStringConvertible {
    private let number: Int32

    /// Those of the instruction set in use.
    public static var current: CodeKernels {
        #if arch(arm64)
            let number: Int32 = 3
        #else
            let number = Int32(ck_kernels_current().pointee.isa.rawValue)
        #endif
        return CodeKernels(number: ck_code_kernels_for(number) == nil ? 0 : number)
    }

    /// Those that this processor has, in rising order of preference; the first is plain C.
    public static var available: [CodeKernels] {
        (0..<8).map(CodeKernels.init).filter { ck_code_kernels_for($0.number) != nil }
    }

    /// The instruction set's number in CodeKernels.h.
    public var description: String { "ISA \(number)" }

    var table: ck_code_kernels {
        guard let table = ck_code_kernels_for(number) else {
            preconditionFailure("this processor lacks \(self)")
        }
        return table.pointee
    }
}
