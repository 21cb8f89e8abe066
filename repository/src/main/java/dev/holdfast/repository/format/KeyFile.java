package dev.holdfast.repository.format;

import java.time.OffsetDateTime;

/// A key file: the master key wrapped by a password (format sheet, section 2).
///
/// @param created [GoTime#ZERO] if unknown, as is the case in files of some other writers
/// @param username who made the key, may be empty
/// @param hostname where the key was made, may be empty
/// @param n scrypt's cost
/// @param r scrypt's block size
/// @param p scrypt's number of lanes
/// @param saltBase64 scrypt's salt
/// @param dataBase64 the sealed master key
public record KeyFile(
    OffsetDateTime created,
    String username,
    String hostname,
    int n,
    int r,
    int p,
    String saltBase64,
    String dataBase64) {}
