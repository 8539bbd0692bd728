Feature: A limiter that lets bursts through and holds a steady rate, held out

  Rule: Time puts tokens back

    Scenario: A slow rate adds up over many small steps
      Given a limiter with 4 tokens that gains 0.5 tokens a second
      And all its tokens are spent
      When 250 ms pass 16 times, with a look at the bucket each time
      Then 2 tokens are left

    Scenario: Work that was let through leaves its remainder
      Given a limiter with 3 tokens that gains 2 tokens a second
      And all its tokens are spent
      When 750 ms pass
      And work for 1 token is let through
      Then work for 1 token has to wait 250 ms

    Scenario: A clock that goes back gives and takes nothing
      Given a limiter with 2 tokens that gains 1 token a second
      And work for 1 token is let through
      When the clock goes back by 5000 ms
      Then 1 token is left
      And work for 1 token is let through

    Scenario: A clock that went back has to catch up first
      Given a limiter with 2 tokens that gains 1 token a second
      And all its tokens are spent
      When the clock goes back by 5000 ms
      And a piece of work is turned away
      And 5000 ms pass
      And a piece of work is turned away
      And 1000 ms pass
      Then 1 token is left

    Scenario: A full bucket gains nothing for later
      Given a limiter with 2 tokens that gains 1 token a second
      When 60000 ms pass
      And work for 2 tokens is let through
      And 500 ms pass
      Then 0 tokens are left
      And work for 1 token has to wait 500 ms

    Scenario: Two limiters share nothing
      Given a limiter with 2 tokens that gains 1 token a second
      When another limiter has let through all its work
      Then 2 tokens are left

  Rule: Only whole tokens are shown

    Scenario: A part of a token is no token yet
      Given a limiter with 3 tokens that gains 1 token a second
      And all its tokens are spent
      When 1999 ms pass
      Then 1 token is left
      And work for 2 tokens is turned away
      And work for 1 token is let through

  Rule: The given wait is right

    Scenario: Waiting for the given time is enough
      Given a limiter with 5 tokens that gains 3 tokens a second
      And all its tokens are spent
      And work for 2 tokens is turned away
      When the time passes that work for 2 tokens has to wait
      Then work for 2 tokens is let through

    Scenario: A part of a millisecond is waited for
      Given a limiter with 5 tokens that gains 3 tokens a second
      And all its tokens are spent
      Then work for 1 token has to wait 334 ms
      And work for 2 tokens has to wait 667 ms
      And a piece of work has to wait 334 ms

    Scenario: Waiting that has begun gets shorter
      Given a limiter with 2 tokens that gains 1 token a second
      And all its tokens are spent
      Then work for 2 tokens has to wait 2000 ms
      When 750 ms pass
      Then work for 1 token has to wait 250 ms
      And work for 2 tokens has to wait 1250 ms
      And work for 1 token has to wait 250 ms

    Scenario: More tokens than the bucket's size never come
      Given a limiter with 2 tokens that gains 1 token a second
      Then work for 3 tokens has to wait for ever
      And work for 3 tokens is turned away
      And 2 tokens are left
      But work for 2 tokens has to wait 0 ms

  Rule: A limiter needs a size and a rate

    Scenario: Odd sizes and rates are refused
      Then none of these limiters is made:
        | SIZE      | RATE      |
        | 2         | 0         |
        | -1        | 1         |
        | 0.5       | 1         |
        | 1.5       | 1         |
        | NaN       | 1         |
        | Infinity  | 1         |
        | 1         | -1        |
        | 1         | NaN       |
        | 1         | Infinity  |
      But a limiter with 1 token that gains 0.1 tokens a second is made
      And a limiter with 1 token that gains 1000 tokens a second is made
