package io.sallyport.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sallyport.control.egress.MaskedHeaders;
import io.sallyport.control.sandbox.Sandbox;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.rpc.egress.policy.E2bNetwork;
import io.sallyport.rpc.egress.policy.E2bNetwork.HostRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
            @JsonProperty("allow_internet_access") @Nullable Boolean allowInternetAccess,
            @Nullable JsonNode egress,
            @Nullable AutoResume autoResume) {}

    record Network(
            @Nullable Boolean allowPublicTraffic,
            @Nullable String maskRequestHost,
            @Nullable List<String> allowOut,
            @Nullable List<String> denyOut,
            @Nullable Map<String, List<HostRule>> rules,
            EgressPolicy.@Nullable Proxy egressProxy) {}

    /// All there is to say of the way out; what is left out is cleared.
    record NetworkUpdate(
            @Nullable List<String> allowOut,
            @Nullable List<String> denyOut,
            @Nullable Map<String, List<HostRule>> rules,
            EgressPolicy.@Nullable Proxy egressProxy,
            @JsonProperty("allow_internet_access") @Nullable Boolean allowInternetAccess) {
        /// Some clients say with every request that the internet is allowed; that is no wish.
        boolean saysNothing() {
            return allowOut == null
                    && denyOut == null
                    && rules == null
                    && egressProxy == null
                    && !Boolean.FALSE.equals(allowInternetAccess);
        }

        E2bNetwork toNetwork() {
            return new E2bNetwork(allowOut, denyOut, rules, egressProxy, allowInternetAccess);
        }

        /// The same as it is shown again: without what may be a credential.
        NetworkShown shown() {
            var proxy = egressProxy == null ? null : new ProxyShown(egressProxy.address(), egressProxy.username());
            return new NetworkShown(null, null, allowOut, denyOut, maskedRules(), proxy, allowInternetAccess);
        }

        private @Nullable Map<String, List<HostRule>> maskedRules() {
            if (rules == null) {
                return null;
            }
            var masked = new LinkedHashMap<String, List<HostRule>>();
            rules.forEach((host, all) ->
                    masked.put(host, all.stream().map(NetworkUpdate::masked).toList()));
            return masked;
        }

        private static HostRule masked(HostRule rule) {
            var transform = rule.transform();
            return transform == null
                    ? rule
                    : new HostRule(new E2bNetwork.Headers(MaskedHeaders.of(transform.headers())));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NetworkShown(
            @Nullable Boolean allowPublicTraffic,
            @Nullable String maskRequestHost,
            @Nullable List<String> allowOut,
            @Nullable List<String> denyOut,
            @Nullable Map<String, List<HostRule>> rules,
            @Nullable ProxyShown egressProxy,
            @Nullable Boolean allowInternetAccess) {
        static final NetworkShown NOTHING = new NetworkShown(null, null, null, null, null, null, null);

        /// With what it says of the way in; how the internet is, clients look for elsewhere.
        NetworkShown of(Sandbox.Access access) {
            return new NetworkShown(
                    access.isPublic(),
                    access.maskHost().isEmpty() ? null : access.maskHost(),
                    allowOut,
                    denyOut,
                    rules,
                    egressProxy,
                    null);
        }
    }

    record ProxyShown(String address, String username) {}

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
            NetworkShown network,
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
