package io.sallyport.app;

import io.sallyport.kit.config.Config;
import io.sallyport.rpc.egress.EgressPolicy;
import io.sallyport.wire.address.IpBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The settings of the way out.
final class EgressSettings {
    private EgressSettings() {}

    static PlatformConfig.Egress read(Config config) {
        return new PlatformConfig.Egress(
                config.get("egress.default", "open or none", EgressSettings::policy)
                        .orElse(EgressPolicy.OPEN),
                config.list("egress.private-allowed", "blocks such as 10.1.0.0/16, between commas", IpBlock::parse)
                        .orElse(List.of()),
                config.get("egress.extra-roots", "a PEM file", text -> Optional.of(Path.of(text))));
    }

    private static Optional<EgressPolicy> policy(String word) {
        return switch (word) {
            case "open" -> Optional.of(EgressPolicy.OPEN);
            case "none" -> Optional.of(EgressPolicy.NONE);
            default -> Optional.empty();
        };
    }
}
