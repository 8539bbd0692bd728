Feature: Keys and the hosts that get them
  Each driver has the upstream and the header of its vendor. A key never goes to the host of another vendor,
  and the plan shows which variable goes where.

  Rule: Without an upstream, a provider's requests go to its driver's vendor

    Example: A driver of each vendor
      Given a file "experiment.yaml" that says:
        """
        name: two-vendors
        tasks: { bank: builtin, include: [lru-cache] }
        providers:
          one: { driver: builtin-agent, model: claude-sonnet-4-5 }
          two: { driver: codex, model: gpt-5, auth: env OPENAI_API_KEY }
        """
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints the lines:
        """
        PROVIDER  REQUESTS  CREDENTIAL         HEADER     HOST
        one       all       ANTHROPIC_API_KEY  x-api-key  api.anthropic.com
        two       all       OPENAI_API_KEY     bearer     api.openai.com
        """

    Example: Routes, a log-in and an upstream of the file's own
      Given a file "experiment.yaml" that says:
        """
        name: routed
        tasks: { bank: builtin, include: [lru-cache] }
        providers:
          one: { driver: claude-code, model: claude-sonnet-4-5, routes: [helpers] }
          two: { driver: codex, model: gpt-5, auth: env GATEWAY_KEY, upstream: gateway }
        upstreams:
          gateway: { base_url: "http://127.0.0.1:8080" }
          glm: { base_url: "https://api.z.ai/api/anthropic", auth: env GLM_KEY, header: bearer }
        routes:
          helpers: [{ when: { subagent: true }, to: glm, model: glm-4.6 }]
        """
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints the lines:
        """
        PROVIDER  REQUESTS    CREDENTIAL   HEADER      HOST
        one       others      its log-in   the log-in  api.anthropic.com
        one       helpers[0]  GLM_KEY      bearer      api.z.ai
        two       all         GATEWAY_KEY  bearer      127.0.0.1:8080
        """

  Rule: A key for the host of another vendor is refused

    Scenario Outline: <FAULT>
      Given a file "experiment.yaml" that says:
        """
        name: mixed-up
        tasks: { bank: builtin, include: [lru-cache] }
        upstreams:
          glm: { base_url: "https://api.z.ai/api/anthropic" }
          gateway: { base_url: "https://gateway.example.com" }
          dotted: { base_url: "https://api.anthropic.com./v1" }
        providers:
          one: { driver: builtin-agent, model: claude-sonnet-4-5 }
          two: { <PROVIDER>, model: m }
        """
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:9: expected "providers.two.auth" to be <MESSAGE>
        """
      And nothing is written

      Examples:
        | FAULT                               | PROVIDER                                                         | MESSAGE                                                                                                          |
        | OpenAI's key to Anthropic           | driver: codex, upstream: anthropic, auth: env OPENAI_API_KEY     | a credential of anthropic, got openai's OPENAI_API_KEY. Write e.g. auth: env ANTHROPIC_API_KEY, or name another upstream. |
        | The same, by the host's full name   | driver: codex, upstream: dotted, auth: env OPENAI_API_KEY        | a credential of anthropic, got openai's OPENAI_API_KEY. Write e.g. auth: env ANTHROPIC_API_KEY, or name another upstream. |
        | Anthropic's key to OpenAI           | driver: builtin-agent, upstream: openai, auth: env ANTHROPIC_API_KEY | a credential of openai, got anthropic's ANTHROPIC_API_KEY. Write e.g. auth: env OPENAI_API_KEY, or name another upstream. |
        | Claude's log-in to another vendor   | driver: claude-code, upstream: glm, auth: inherit                | a credential of zai, got anthropic's log-in. Write e.g. auth: env ZAI_API_KEY, or name another upstream.         |
        | Claude's log-in, unsaid             | driver: claude-code, upstream: glm                               | a credential of zai, got anthropic's log-in. Write e.g. auth: env ZAI_API_KEY, or name another upstream.         |
        | A default key to an unknown host    | driver: builtin-agent, upstream: gateway                         | a credential for gateway.example.com, got nothing. Write e.g. auth: env API_KEY. |

    Example: An upstream of a route with another vendor's key
      Given a file "experiment.yaml" that says:
        """
        name: mixed-up
        tasks: { bank: builtin, include: [lru-cache] }
        providers:
          one: { driver: claude-code, model: claude-sonnet-4-5, routes: [helpers] }
          two: { driver: claude-code, model: claude-sonnet-4-5 }
        upstreams:
          glm: { base_url: "https://api.z.ai/api/anthropic", auth: env ANTHROPIC_AUTH_TOKEN }
        routes:
          helpers: [{ when: { subagent: true }, to: glm, model: glm-4.6 }]
        """
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:7: expected "upstreams.glm.auth" to be a credential of zai, got anthropic's ANTHROPIC_AUTH_TOKEN. Write e.g. auth: env ZAI_API_KEY, or name another upstream.
        """
