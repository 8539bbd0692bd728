Feature: Mail templates that are parsed before they are filled in
  Mails are filled in by replacing text, over and over, in one string. Templates are now to be
  parsed once, so that mistakes show before a mail is sent, blocks may stand in blocks, and
  filters and loops become possible. In the scenarios "\n" stands for the end of a line.

  Scenario: Values are escaped unless three braces ask for them as they are
    Given the template `{{user.name}}: {{{link}}}{{ missing }}`
    Then with {"user": {"name": "Tom & <Jo>"}, "link": "<a href='x'>"} it gives `Tom &amp; &lt;Jo&gt;: <a href='x'>`

  Scenario: A template is parsed once and filled in for many
    Given the template `Hi {{name}}!`
    Then with {"name": "Ada"} it gives `Hi Ada!`
    And with {"name": "Bob"} it gives `Hi Bob!`

  Scenario: A value is never read as a template
    Given the template `{{a}}{{{b}}}`
    Then with {"a": "{{b}}", "b": "{{#if a}}"} it gives `{{b}}{{#if a}}`

  Scenario: Conditions stand in conditions
    Given the template `{{#if a}}A{{#if b}}B{{else}}b{{/if}}{{else}}a{{/if}}.`
    Then with {"a": true, "b": 1} it gives `AB.`
    And with {"a": "yes"} it gives `Ab.`
    And with {"b": true} it gives `a.`

  Scenario: A loop repeats its block for each item
    Given the template `{{#each lines as line}}{{line.count}} {{line.name}} for {{who}}\n{{/each}}`
    Then with {"who": "Jo", "lines": [{"count": 2, "name": "pens"}, {"count": 1, "name": "pad"}]} it gives `2 pens for Jo\n1 pad for Jo\n`

  Scenario: A loop without items shows what follows else
    Given the template `{{#each lines as line}}{{line}} {{else}}nothing{{/each}}`
    Then with {"lines": []} it gives `nothing`
    And with {"lines": ["a", "b"]} it gives `a b `

  Scenario: Filters work from left to right, before the value is escaped
    Given the template `{{ tags | join: "&" | upper }}{{{ tags | join: "&" }}}`
    Then with {"tags": ["x", "y"]} it gives `X&amp;Yx&y`

  Scenario: A value that is missing or empty has a default
    Given the template `Dear {{ name | default: "customer | friend" }}`
    Then with {} it gives `Dear customer | friend`
    And with {"name": "Jo"} it gives `Dear Jo`

  Scenario: A mistake is found before the template is filled in
    Then the template `Dear {{name}},\n{{#if a}}{{/each}}` is refused in line 2
    But the template `Dear {{name}},\n{{#if a}}{{/if}}` is not

  Scenario: A template lists the data that it needs
    Given the template `{{#each lines as line}}{{line.name}}{{to.name}}{{/each}}{{#if paid}}{{to}}{{/if}}`
    Then it needs the names ["lines", "paid", "to"]
