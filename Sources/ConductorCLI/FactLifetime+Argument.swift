public import ArgumentParser
public import Store

extension FactLifetime: ExpressibleByArgument {
    /// As the type itself reads it.
    public init?(argument: String) {
        self.init(argument)
    }
}
