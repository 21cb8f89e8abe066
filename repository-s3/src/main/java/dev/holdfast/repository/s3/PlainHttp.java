package dev.holdfast.repository.s3;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

/// Sends requests that were made for HTTPS over HTTP.
///
/// For HTTP the SDK reads every body twice, to sign it as well, in a hash that the virtual machine
/// is slow at. The signature of a request made for HTTPS covers the headers, and with them the
/// body's checksum.
final class PlainHttp implements SdkHttpClient {
  private static final int PORT = 80;
  private static final int TLS_PORT = 443;

  private final SdkHttpClient client;

  PlainHttp(SdkHttpClient client) {
    this.client = client;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    SdkHttpRequest secure = request.httpRequest();
    SdkHttpRequest plain =
        secure.toBuilder()
            .protocol("http")
            .port(secure.port() == TLS_PORT ? PORT : secure.port())
            .build();
    return client.prepareRequest(
        HttpExecuteRequest.builder()
            .request(plain)
            .contentStreamProvider(request.contentStreamProvider().orElse(null))
            .build());
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }
}
