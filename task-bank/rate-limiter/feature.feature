Feature: A limiter that lets bursts through and holds a steady rate
  A limiter has a bucket of tokens, which is full at first. Each piece of work takes tokens
  out, and time puts tokens back at a steady rate, up to the bucket's size. Work that finds
  too few tokens is turned away and takes none.

  Scenario: A burst as large as the bucket is let through
    Given a limiter with 3 tokens that gains 1 token a second
    When 3 pieces of work arrive at once
    Then 3 of them are let through
    And 0 tokens are left

  Scenario: A burst larger than the bucket is cut off
    Given a limiter with 3 tokens that gains 1 token a second
    When 5 pieces of work arrive at once
    Then 3 of them are let through

  Scenario: A bucket without tokens is refused
    When a limiter with 0 tokens that gains 1 token a second is asked for
    Then it is refused with a RangeError
    But a limiter with 1 token that gains 0.1 tokens a second is made

  Rule: Time puts tokens back

    Scenario: One second is worth one token
      Given a limiter with 2 tokens that gains 1 token a second
      And all its tokens are spent
      When 1000 ms pass
      Then 1 of 2 pieces of work is let through

    Scenario: Parts of a second are not lost
      Given a limiter with 2 tokens that gains 1 token a second
      And all its tokens are spent
      When 600 ms pass
      And a piece of work is turned away
      And 400 ms pass
      Then 1 of 2 pieces of work is let through

    Scenario: The bucket never holds more than its size
      Given a limiter with 2 tokens that gains 1 token a second
      When 60000 ms pass
      And 5 pieces of work arrive at once
      Then 2 of them are let through

  Rule: Work may need several tokens

    Scenario: Work that needs more tokens than there are takes none
      Given a limiter with 3 tokens that gains 1 token a second
      When work for 2 tokens is let through
      And work for 2 tokens is turned away
      Then 1 token is left

    Scenario: The wait for several tokens is given in milliseconds
      Given a limiter with 4 tokens that gains 2 tokens a second
      And all its tokens are spent
      Then work for 3 tokens has to wait 1500 ms

    Scenario: Work that can start has to wait no time
      Given a limiter with 4 tokens that gains 2 tokens a second
      Then work for 3 tokens has to wait 0 ms
      And 4 tokens are left
