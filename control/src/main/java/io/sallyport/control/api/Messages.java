package io.sallyport.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON bodies of the API. Names and optionality are the clients': reference/sandbox-api.md §2 and appendix
/// A.
final class Messages {
    private Messages() {}

    record Failure(int code, String message) {}

    /// The part of a create request that means something here; the rest is ignored.
    record NewSandboxBody(
            @Nullable String templateID,
            @Nullable Integer timeout,
            @Nullable Boolean autoPause,
            @Nullable Map<String, String> metadata,
            @Nullable Map<String, String> envVars,
            @Nullable Network network,
            @Nullable AutoResume autoResume) {}

    record Network(
            @Nullable Boolean allowPublicTraffic, @Nullable String maskRequestHost) {}

    record AutoResume(boolean enabled) {}

    record TimeoutBody(@Nullable Integer timeout) {}

    record PauseBody(@Nullable Boolean memory) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SandboxAnswer(
            String templateID,
            String sandboxID,
            String alias,
            String clientID,
            String envdVersion,
            String envdAccessToken,
            @Nullable String trafficAccessToken,
            String domain) {}

    record Lifecycle(boolean autoResume, String onTimeout) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SandboxDetail(
            String templateID,
            String alias,
            String sandboxID,
            String clientID,
            String startedAt,
            String endAt,
            String envdVersion,
            @Nullable String envdAccessToken,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Boolean allowInternetAccess,

            String domain,
            int cpuCount,
            @JsonProperty("memoryMB") int memoryMiB,
            @JsonProperty("diskSizeMB") int diskSizeMiB,
            Map<String, String> metadata,
            String state,
            Lifecycle lifecycle,
            List<String> volumeMounts) {}

    record ListedSandbox(
            String templateID,
            String alias,
            String sandboxID,
            String clientID,
            String startedAt,
            String endAt,
            int cpuCount,
            @JsonProperty("memoryMB") int memoryMiB,
            @JsonProperty("diskSizeMB") int diskSizeMiB,
            Map<String, String> metadata,
            String state,
            String envdVersion,
            List<String> volumeMounts) {}

    record LogLine(String timestamp, String line) {}

    record LogEntry(String timestamp, String message, String level, Map<String, String> fields) {}

    record Logs(List<LogLine> logs, List<LogEntry> logEntries) {}

    record TemplateName(String name) {}
}
