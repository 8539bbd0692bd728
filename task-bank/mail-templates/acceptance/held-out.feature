Feature: Mail templates that are parsed before they are filled in, held out

  Scenario: Each special character is escaped
    Given the template `{{a}}|{{{a}}}`
    Then with {"a": "<\"'&amp;>"} it gives `&lt;&quot;&#39;&amp;amp;&gt;|<"'&amp;>`

  Scenario: Numbers, false and zero are shown, null is not
    Given the template `{{a}}{{b}}{{c}}{{d}}{{e.f.g}}.`
    Then with {"a": 0, "b": false, "c": null, "d": 1.5, "e": null} it gives `0false1.5.`

  Scenario: Only own properties are values
    Given the template `{{constructor}}{{a.toString}}{{a.b.length}}{{__proto__}}.`
    Then with {"a": {"b": [1, 2]}} it gives `2.`

  Scenario: Nothing, zero and empty lists are false
    Given the template `{{#if a}}yes{{else}}no{{/if}}`
    Then with {"a": 0} it gives `no`
    And with {"a": ""} it gives `no`
    And with {"a": []} it gives `no`
    And with {"a": null} it gives `no`
    And with {"a": [0]} it gives `yes`
    And with {"a": {}} it gives `yes`

  Scenario: Loops stand in loops and hide outer names, and other values have no items
    Given the template `{{#each a as x}}{{#each x.b as y}}{{x.n}}{{y}}{{z}} {{/each}}{{/each}}{{x}}{{y}}`
    Then with {"x": "outer", "z": "!", "a": [{"n": 1, "b": ["p", "q"]}, {"n": 2, "b": ["r"]}]} it gives `1p! 1q! 2r! outer`
    Given the template `{{#each a as x}}{{x}}{{else}}none{{/each}}`
    Then with {"a": "text"} it gives `none`
    And with {} it gives `none`
    And with {"a": [null, "b"]} it gives `b`

  Scenario: Filters take what is there, and a default is escaped
    Given the template `{{ a|upper|default:"none" }},{{ b | lower }},{{ c | join: "-" }},{{ c | join | lower }},{{ d | join: "-" }}`
    Then with {"a": "", "b": "ÄB", "c": [1, null, "X"], "d": "text"} it gives `none,äb,1--X,1x,text`
    And with {"a": "z", "b": 7, "c": []} it gives `Z,7,,,`
    Given the template `{{ a | default: "<b>" }}{{{ a | default: "<b>" }}}{{ a | default: "" }}{{ zero | default: "x" }}`
    Then with {"zero": 0} it gives `&lt;b&gt;<b>0`

  Scenario: Tags may have spaces and line ends, and single braces are text
    Given the template `{a} } {{\n a\n}}{{# if  a }}{ {{{ a }}} }{{ else }}x{{ / if }}{{#each  b  as  c}}{{ c | default : "-" }}{{/each}}`
    Then with {"a": "v", "b": ["", 1]} it gives `{a} } v{ v }-1`

  Scenario: What follows an inner block belongs to the outer one
    Given the template `{{#if a}}1{{#if b}}2{{#if c}}3{{/if}}4{{/if}}5{{else}}6{{#if b}}7{{/if}}8{{/if}}9`
    Then with {"a": 1, "b": 1, "c": 1} it gives `123459`
    And with {"a": 1, "b": 1} it gives `12459`
    And with {"a": 1} it gives `159`
    And with {"b": 1} it gives `6789`
    And with {} it gives `689`

  Scenario: Odd tags are refused in the line in which they begin
    Then the template `a\nb {{\n}} c` is refused in line 2
    And the template `a\n\n{{ a b }}` is refused in line 3
    And the template `{{ a | shout }}\n` is refused in line 1
    And the template `\n{{ a | toString }}` is refused in line 2
    And the template `{{ a | }}` is refused in line 1
    And the template `{{ a.. }}` is refused in line 1
    And the template `{{#each a}}{{/each}}` is refused in line 1
    And the template `{{##if a}}{{/if}}` is refused in line 1
    And the template `{{#if a b}}{{/if}}` is refused in line 1
    And the template `\n{{ a } }}` is refused in line 2
    And the template `\n{{ { a }}` is refused in line 2

  Scenario: Blocks that do not fit are refused where they begin
    Then the template `a\n{{#if a}}\n{{#if b}}{{/if}}\n` is refused in line 2
    And the template `\n\n{{#each a as x}}` is refused in line 3
    And the template `{{#if a}}\n{{/if}}\n{{/if}}` is refused in line 3
    And the template `\n{{else}}` is refused in line 2
    And the template `{{#if a}}{{else}}\n{{else}}{{/if}}` is refused in line 2
    And the template `{{a}}\n{{#if a}}\n b {{ c` is refused in line 3
    But the template `}} {{a}} }}` is not

  Scenario: Names are needed once, in order, and loops bring their own
    Given the template `{{z | upper}}{{#each b.c as z}}{{z.a}}{{else}}{{y}}{{z}}{{/each}}{{#if a.b}}{{b}}{{else}}{{{x}}}{{/if}}`
    Then it needs the names ["a", "b", "x", "y", "z"]
    But the template `{{#each b as z}}{{z}}{{else}}{{y}}{{/each}}` needs the names ["b", "y"]
    And the template `text` needs the names []

  Scenario: The old function does the same at once
    Given the template `{{#each a as x}}{{x | upper}}{{/each}}`
    Then with {"a": ["p", "q"]} it gives `PQ`
    And a second template does not change the first
