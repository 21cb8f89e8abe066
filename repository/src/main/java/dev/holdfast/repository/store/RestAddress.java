package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// A folder of a server that speaks restic's REST protocol: `rest:http://host:8000/folder/` or
/// `rest:https://user:password@host/`, as restic reads them.
///
/// @param base the address of the folder, without a name or a password, ending with a slash
/// @param credentials the name and the password that the address held, between them a colon
public record RestAddress(URI base, Optional<String> credentials) implements StoreAddress {
  private static final String HOW = "write it as rest:https://HOST:PORT/FOLDER/";

  /// Reads what comes after `rest:`.
  static RestAddress parse(String rest) {
    URI uri;
    try {
      uri = new URI(rest);
    } catch (URISyntaxException e) {
      throw new Rejected("the REST address is not a URL", HOW);
    }
    if (uri.getScheme() == null || !uri.getScheme().matches("(?i)https?")) {
      throw new Rejected("the REST address names no http or https server", HOW);
    }
    if (uri.getHost() == null && uri.getRawAuthority() != null) {
      String authority = uri.getRawAuthority();
      HostName.require(authority.substring(authority.lastIndexOf('@') + 1), "REST");
    }
    if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new Rejected("the REST address names no folder of a server", HOW);
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    URI base =
        URI.create(
            uri.getScheme().toLowerCase(java.util.Locale.ROOT)
                + "://"
                + uri.getHost()
                + port
                + path
                + (path.endsWith("/") ? "" : "/"));
    return new RestAddress(base, Optional.ofNullable(uri.getUserInfo()));
  }

  /// Without the credentials.
  @Override
  public String toString() {
    return "rest:" + base;
  }
}
