package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A folder of a machine that is reached by SSH: `sftp:user@host:folder` or
/// `sftp://user@host:port/folder`, as restic reads them. A folder that does not begin with a slash,
/// in the second form with two, is below the user's home.
///
/// @param port the server's, if it was given
public record SftpAddress(Optional<String> user, String host, Optional<Integer> port, String folder)
    implements StoreAddress {
  private static final String HOW =
      "write it as sftp:USER@HOST:/FOLDER or sftp://USER@HOST:PORT//FOLDER";
  private static final int MAX_PORT = 65_535;

  public SftpAddress {
    requirePlain("host", host);
    user.ifPresent(name -> requirePlain("user", name));
    if (port.isPresent() && (port.get() < 1 || port.get() > MAX_PORT)) {
      throw new Rejected("the SFTP address names a port that cannot exist", HOW);
    }
    if (folder.isEmpty() || folder.indexOf('\0') >= 0) {
      throw new Rejected("the SFTP address names no folder", HOW);
    }
    if (folder.startsWith("~")) {
      throw new Rejected(
          "the SFTP address has a folder that begins with '~', which servers do not expand",
          "leave '~/' out: folders without a slash before them are below the user's home");
    }
  }

  /// What begins with a hyphen would be an option of `ssh`.
  private static void requirePlain(String what, String value) {
    if (value.isEmpty() || value.startsWith("-") || !value.matches("[^\\s\\p{Cntrl}]+")) {
      throw new Rejected("the SFTP address names a " + what + " that cannot exist", HOW);
    }
  }

  /// Reads what comes after `sftp:`.
  static SftpAddress parse(String rest) {
    return rest.startsWith("//") ? ofUrl(rest) : ofWords(rest);
  }

  private static SftpAddress ofUrl(String rest) {
    try {
      URI uri = new URI("sftp:" + rest);
      if (uri.getHost() == null || uri.getPath().length() < 2) {
        throw new Rejected("the SFTP address names no folder of a host", HOW);
      }
      Optional<String> user = Optional.ofNullable(uri.getUserInfo());
      if (user.isPresent() && user.get().contains(":")) {
        throw new Rejected(
            "the SFTP address holds a password, which ssh does not take",
            "let ssh log in with a key");
      }
      Optional<Integer> port = Optional.of(uri.getPort()).filter(number -> number >= 0);
      String host = uri.getHost().replaceAll("[\\[\\]]", "");
      return new SftpAddress(user, host, port, cleaned(uri.getPath().substring(1)));
    } catch (URISyntaxException e) {
      throw new Rejected("the SFTP address is not a URL", HOW);
    }
  }

  private static SftpAddress ofWords(String rest) {
    int colon = rest.indexOf(':');
    if (colon < 0) {
      throw new Rejected("the SFTP address names no folder after its host", HOW);
    }
    String login = rest.substring(0, colon);
    int at = login.lastIndexOf('@');
    Optional<String> user = at < 0 ? Optional.empty() : Optional.of(login.substring(0, at));
    return new SftpAddress(
        user, login.substring(at + 1), Optional.empty(), cleaned(rest.substring(colon + 1)));
  }

  /// Without what means nothing: empty parts and single dots.
  private static String cleaned(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    String joined = String.join("/", parts);
    if (path.startsWith("/")) {
      return "/" + joined;
    }
    return joined.isEmpty() ? "." : joined;
  }

  /// The program that connects, and its arguments.
  ///
  /// @param more further arguments for it
  public List<String> sshCommand(List<String> more) {
    List<String> command = new ArrayList<>(List.of("ssh", host));
    port.ifPresent(number -> command.addAll(List.of("-p", Integer.toString(number))));
    user.ifPresent(name -> command.addAll(List.of("-l", name)));
    command.addAll(more);
    command.addAll(List.of("-s", "sftp"));
    return List.copyOf(command);
  }

  @Override
  public String toString() {
    return port.isPresent()
        ? "sftp://%s%s:%d/%s".formatted(login(), host, port.get(), folder)
        : "sftp:%s%s:%s".formatted(login(), host, folder);
  }

  private String login() {
    return user.map(name -> name + "@").orElse("");
  }
}
