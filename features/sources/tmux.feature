Feature: Capturing a pane of tmux
  The program captures the screen of the pane in which an agent runs, so you don't have to copy it.

  Rule: A pane is captured by its name

    @slow
    Example: The pane shows the limits
      Given a pane "work:0" of tmux that shows:
        """
        5h limit:     [██████░░░░] 28% left (resets 13:14)
        Weekly limit: [███████░░░] 55% left (resets 21:24 on 25 Oct)
        """
      When I run "experiment snapshot before codex --window W0-07 --tmux work:0 --at 2025-10-19T10:00:00Z --time-zone UTC"
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | RESETS           |
        | 5h     | 72   | 2025-10-19T13:14 |
        | weekly | 45   | 2025-10-25T21:24 |

    @slow
    Example: There is no such pane
      Given a pane "work:0" of tmux that shows:
        """
        5h limit: [█] 28% left (resets 13:14)
        """
      When I run "experiment snapshot before codex --window W0-07 --tmux elsewhere:3"
      Then it ends with exit code 2
      And it says "--tmux elsewhere:3: expected a pane of tmux that shows something, got: can't find" on stderr
      And it says "List the panes with: tmux list-panes -a" on stderr
      And nothing is written

  Rule: Without tmux the command says what to do instead

    Example: tmux is not installed
      Given no program at all on the PATH
      When I run "experiment snapshot before codex --window W0-07 --tmux work:0"
      Then it ends with exit code 2
      And it says "Install it, e.g. apt-get install tmux, or save the pane and name its file with --file." on stderr
      And nothing is written
