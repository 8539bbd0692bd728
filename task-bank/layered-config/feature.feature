Feature: Settings from layers, with defaults and variables
  A service reads its settings from INI texts: defaults, then those of a site, then those of a
  user. The reader loses and garbles settings. In the scenarios " / " is the end of a line.

  Rule: A later layer overrides single settings

    Scenario: The rest of a section stays
      Given the layer "defaults" says "[web] / host = localhost / port = 80"
      And the layer "site" says "[web] / port = 8080"
      Then the settings are {"web":{"host":"localhost","port":"8080"}}

    Scenario: Three layers share a section
      Given the layer "defaults" says "[web] / host = a / port = 1 / user = x"
      And the layer "site" says "[web] / host = b / port = 2 / [log] / level = info"
      And the layer "user" says "[web] / host = c"
      Then the settings are {"web":{"host":"c","port":"2","user":"x"},"log":{"level":"info"}}

    Scenario: An empty value overrides too
      Given the layer "defaults" says "title = Shop / theme = dark"
      And the layer "site" says "title ="
      Then the settings are {"main":{"title":"","theme":"dark"}}

  Rule: A value is what stands behind the first equals sign

    Scenario: A value with equals signs
      Given the layer "site" says "link = http://a.example/?x=1&y=2"
      Then the settings are {"main":{"link":"http://a.example/?x=1&y=2"}}

    Scenario: A comment begins after a space
      Given the layer "site" says "path = a;b#c ; two folders / color = #fff"
      Then the settings are {"main":{"path":"a;b#c","color":""}}

    Scenario: Quotes keep spaces and comment signs
      Given the layer "site" says 'color = "#fff"  ; white / name = " the \"best\" " '
      Then the settings are {"main":{"color":"#fff","name":" the \"best\" "}}

  Rule: Variables are put into values

    Scenario: Several variables in one value
      Given the layer "site" says "link = ${HOST}:${PORT}/${HOST}"
      And the variables {"HOST":"a.example","PORT":"81"}
      Then the settings are {"main":{"link":"a.example:81/a.example"}}

    Scenario: A default for a variable that is not set or empty
      Given the layer "site" says "a = ${A:-one} / b = ${B:-two} / c = ${C:-three}"
      And the variables {"A":"1","B":""}
      Then the settings are {"main":{"a":"1","b":"two","c":"three"}}

    Scenario: Overridden values need no variables
      Given the layer "defaults" says "key = ${SECRET} / other = 1"
      And the layer "site" says "key = none"
      Then the settings are {"main":{"key":"none","other":"1"}}

  Rule: A mistake is named with its layer and line

    Scenario: A line without an equals sign
      Given the layer "site" says "; settings /  / [web] / port 80"
      Then they are refused with a SyntaxError at "site:4"
