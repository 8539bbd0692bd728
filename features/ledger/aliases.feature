Feature: Short commands for the shell
  The aliases start, end, cross and delete readings of codex (o), claude (a) and glm (z).

  Rule: Each shell gets functions that it understands

    @slow
    Scenario Outline: A reading before and its deletion by the functions of <SHELL>
      Given the aliases of <SHELL> are loaded with the current window "W0-07"
      When the lines run in that shell, whose PATH has no experiment:
        """
        os --time-zone UTC < pane.txt
        mkdir elsewhere
        cd elsewhere
        od --data-dir ../.experiment
        """
      Then it ends with exit code 0
      And it prints "W0-07 (codex) before"
      And it prints 'Undone: the "before" of W0-07 (codex)'

      Examples:
        | SHELL |
        | bash  |
        | zsh   |
        | fish  |

    @slow
    Example: A count of prompts by the alias of glm
      Given the aliases of bash are loaded with the current window "W0-07"
      When the lines run in that shell, whose PATH has no experiment:
        """
        echo "prompts used 12 of 30" | zs
        echo "prompts used 15 of 30" | ze
        """
      Then it ends with exit code 0
      And it prints "W0-07 (glm) before"
      And it prints "prompts 15 prompts used"
