Feature: Settings from layers, with defaults and variables, held out

  Rule: A later layer overrides single settings

    Scenario: A section may come again, and every layer begins outside of sections
      Given the layer "site" says "a = 1 / [web] / host = a / port = 1 / [log] / level = info / [web] / port = 2"
      And the layer "user" says "c = 3 / [main] / d = 4 / [log] / file = x"
      Then the settings are {"main":{"a":"1","c":"3","d":"4"},"web":{"host":"a","port":"2"},"log":{"level":"info","file":"x"}}

    Scenario: Odd names are names like any other
      Given the layer "site" says "[__proto__] / a = 1 / [constructor] / __proto__ = 2 / name = 3 / [ a b ] / c d = 4"
      Then the settings are {"__proto__":{"a":"1"},"constructor":{"__proto__":"2","name":"3"},"a b":{"c d":"4"}}

    Scenario: Layers without settings add nothing
      Given the layer "defaults" says "[web] / a = 1 / b = 2"
      And the layer "site" says ""
      And the layer "user" says "[web] / ; b = 3 / # b = 4 / [log] /  / [web] / b = 5"
      Then the settings are {"web":{"a":"1","b":"5"}}

  Rule: A value is what stands behind the first equals sign

    Scenario: Spaces around names and values do not matter
      Given the layer "site" says "  [web]   /   a  =   1   2   / b=3 / c = =  / d = x=y = z"
      Then the settings are {"web":{"a":"1   2","b":"3","c":"=","d":"x=y = z"}}

    Scenario: Comments after values
      Given the layer "site" says "a = 1 # one / b = 2  ;; two ; more / c = ;3 / d = 4;5 #6#7 / e = \t;x / f = x\t\t# y"
      Then the settings are {"main":{"a":"1","b":"2","c":"","d":"4;5","e":"","f":"x"}}

    Scenario: Quoted values
      Given the layer "site" says 'a = "" / b = "x"# y / c = "\\" / d = "a\b\"c" ; " / e = a "b" c / f = it"s / g = "; # =" / h="1"  '
      Then the settings are {"main":{"a":"","b":"x","c":"\\","d":"ab\"c","e":"a \"b\" c","f":"it\"s","g":"; # =","h":"1"}}

    Scenario: Windows line ends
      Given the layer "site" says "[web]\r / a = x=1\r / \r / b = 2 ; two\r"
      Then the settings are {"web":{"a":"x=1","b":"2"}}

  Rule: Variables are put into values

    Scenario: An inserted value stays as it is
      Given the layer "site" says 'a = ${A} ${A} / b = "${A}" / c = ${Z:-$A;x} / d = x${E}y${E}'
      And the variables {"A":"${B} $$ \" ;x $& $1","B":"no","E":""}
      Then the settings are {"main":{"a":"${B} $$ \" ;x $& $1 ${B} $$ \" ;x $& $1","b":"${B} $$ \" ;x $& $1","c":"$A;x","d":"xy"}}

    Scenario: Dollar signs
      Given the layer "site" says "a = $$5 $$6 / b = $${A} / c = $A $ / d = ${A }${} ${-A} / e = $$${A}$$ / f = ${A"
      And the variables {"A":"1"}
      Then the settings are {"main":{"a":"$5 $6","b":"${A}","c":"$A $","d":"${A }${} ${-A}","e":"$1$","f":"${A"}}

    Scenario: Defaults
      Given the layer "site" says "a = ${A:-} / b = [${B_2:-x y}${B_2:-:-}] / c = ${C:-1}${C:-2} / d = ${toString:-no} / e = ${A:x} ${A-y}"
      And the variables {"C":"3"}
      Then the settings are {"main":{"a":"","b":"[x y:-]","c":"33","d":"no","e":"${A:x} ${A-y}"}}

    Scenario: A variable that is not set
      Given the layer "defaults" says "a = 1"
      And the layer "site" says "# variables / b = ${B:-2} / c = ${C} ${D}"
      And the layer "user" says " / a = ${A}"
      Then they are refused with a ReferenceError at "user:2" because of "A"
      And with the variables {"A":"1"} they are refused at "site:3" because of "C"
      But with the variables {"A":"0","C":"","D":"4"} they are {"main":{"a":"0","b":"2","c":" 4"}}

  Rule: A mistake is named with its layer and line

    Scenario: Mistakes in lines
      Then each of these lines is refused as line 3 of "site":
        | [web         |
        | []           |
        | [ ]          |
        | [a]b]        |
        | [a] b        |
        | [a][b]       |
        | port         |
        | = 5          |
        | a = "x       |
        | a = "x" y    |
        | a = "x\"     |
        | a = "x"y"    |
        | [            |
