package dev.holdfast.cli.setup;

/// The version of Holdfast, as the parent's POM has it; a test holds the two together.
final class Version {
  static final String CURRENT = "0.1.0";

  private Version() {}
}
