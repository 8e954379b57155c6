package io.sallyport.control.egress;

import java.security.SecureRandom;
import java.util.List;

/// Makes what stands for a secret inside a sandbox: random, and of the shape of its kind where the kind is known, for
/// clients that look at a key before they send it.
final class PlaceholderMaker {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String OURS = "spsec_";
    private static final int OURS_RANDOM = 32;
    /// Below this a placeholder could be guessed, or stand somewhere by chance.
    private static final int RANDOM_MIN = 24;

    /// How keys begin whose clients check that. The longer of two comes first.
    private static final List<String> KINDS = List.of(
            "github_pat_",
            "ghp_",
            "gho_",
            "ghs_",
            "glpat-",
            "sk-ant-api03-",
            "sk-ant-",
            "sk-proj-",
            "sk-or-v1-",
            "sk_live_",
            "sk_test_",
            "sk-",
            "hf_",
            "npm_",
            "pypi-",
            "xoxb-",
            "xoxp-",
            "SG.",
            "dop_v1_",
            "AIza",
            "e2b_");

    private PlaceholderMaker() {}

    /// A placeholder for a value. Nothing of the value but its kind and length is in it.
    static String forValue(String value) {
        for (var kind : KINDS) {
            int length = value.length() - kind.length();
            if (value.startsWith(kind) && length >= RANDOM_MIN) {
                return kind + random(length);
            }
        }
        return OURS + random(OURS_RANDOM);
    }

    private static String random(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(BASE36.charAt(RANDOM.nextInt(BASE36.length())));
        }
        return text.toString();
    }
}
