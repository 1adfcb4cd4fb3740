package import RecountClient

/// A way to write one request per line.
package protocol LogFormat: Sendable {
  /// The request that the line tells of. `line` comes without its line break.
  func parse(_ line: ArraySlice<UInt8>) throws(LineError) -> TrackEvent
}

/// The formats there are, by the name that `--format` takes.
package enum LogFormatName: String, Sendable, CaseIterable {
  /// The request lines of OpenStack's wsgi servers, such as nova-api: ``OpenStackFormat``.
  case openstack
  /// The combined and common formats of Apache and nginx: ``CombinedFormat``.
  case combined
  /// One track event in JSON per line: ``JSONLinesFormat``.
  case jsonl

  /// The format.
  /// - Parameter defaultResponseTime: for lines that hold none; nil leaves it out. Of use to `combined` only
  package func format(defaultResponseTime: ResponseTime?) -> any LogFormat {
    switch self {
    case .openstack: OpenStackFormat()
    case .combined: CombinedFormat(defaultResponseTime: defaultResponseTime)
    case .jsonl: JSONLinesFormat()
    }
  }
}

/// Why a line can't be read.
package struct LineError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was found, and what is allowed.
  package var description: String

  /// A reason in words.
  package init(_ description: String) { self.description = description }
}
