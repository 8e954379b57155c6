package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.cli.EgressDoctorCommand.Tried;
import io.sallyport.cli.EgressMessages.Policy;
import io.sallyport.cli.EgressMessages.Rule;
import io.sallyport.rpc.json.RecordJson;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EgressCommandsTest {
    private static final Rule GITHUB = new Rule("github.com", List.of(443), List.of(), List.of("GET"), List.of());

    @Test
    void jsonForPeopleIsTheSameJson() {
        var json = "{\"a\":[],\"b\":{\"c\":\"x,{\\\"y\\\"}: \",\"d\":[1,true]},\"e\":{}}";
        assertEquals("""
                {
                  "a": [],
                  "b": {
                    "c": "x,{\\"y\\"}: ",
                    "d": [
                      1,
                      true
                    ]
                  },
                  "e": {}
                }""", PrettyJson.of(json));
        assertEquals(json, PrettyJson.of(json).replaceAll("\n *", "").replaceAll("\": (?=[\\[{\"])", "\":"));
    }

    @Test
    void whatIsAllowedAlreadyIsNotAllowedTwice() throws Exception {
        var policy = RecordJson.read("""
                {"mode":"limited","precedence":"deny","allow":[{"target":"github.com","ports":[443],"schemes":[],
                "methods":["GET"],"paths":[]}],"deny":[],"secrets":["s"],"transforms":[],"bypass":[],
                "transparent":true,"required":false}""".getBytes(UTF_8), Policy.class);
        var other = new Rule("pypi.org", List.of(), List.of(), List.of(), List.of());
        assertEquals(
                List.of(GITHUB, other), policy.allowing(List.of(GITHUB, other)).allow());
        assertEquals(List.of("s"), policy.allowing(List.of(other)).secrets(), "the rest stays");
    }

    @Test
    void aRuleReadsAsASentence() {
        assertEquals("github.com ports 443 methods GET", GITHUB.text());
    }

    @Test
    void aClientIsInOrderWhenItReachesTheOneAndNotTheOther() {
        assertTrue(Tried.parse("curl\t0\t56\t").orElseThrow().ok());
        assertFalse(Tried.parse("curl\t0\t0\t").orElseThrow().ok(), "it reached what is denied");
        var failed = Tried.parse("wget\t5\t5\tno \u001b[31missuer").orElseThrow();
        assertFalse(failed.ok());
        assertEquals("no [31missuer", failed.said(), "nothing a terminal obeys");
        assertEquals(Optional.empty(), Tried.parse("Picked up JAVA_TOOL_OPTIONS"));
    }
}
