package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;

/// The name of a server in an address.
final class HostName {
  private HostName() {}

  /// Makes sure that a connection to it can be made.
  ///
  /// @param address the kind of address that it is in, for people
  /// @throws Rejected if it has an underscore: no name of a host may have one (RFC 1123, section
  ///   2.1), and Java's clients take none that has, though some networks give such names
  static void require(String host, String address) {
    if (host.indexOf('_') >= 0) {
      throw new Rejected(
          "the host '%s' of the %s address has an underscore, which no name of a host may have"
              .formatted(host, address),
          "use another name of that server, or its number");
    }
  }
}
