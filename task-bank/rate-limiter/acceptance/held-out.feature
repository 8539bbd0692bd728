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

  Rule: Waiting tells the truth

    Scenario: Waiting as long as told is enough
      Given a limiter with 5 tokens that gains 3 tokens a second
      And all its tokens are spent
      When the time passes that work for 2 tokens has to wait
      Then work for 2 tokens is let through

    Scenario: More tokens than the bucket's size never come
      Given a limiter with 2 tokens that gains 1 token a second
      Then work for 3 tokens has to wait for ever
      And work for 3 tokens is turned away

  Rule: A limiter needs a size and a rate

    Scenario: A rate of nothing is refused
      When a limiter with 2 tokens that gains 0 tokens a second is asked for
      Then it is refused with a RangeError
      But a limiter with 1 token that gains 0.1 tokens a second is made
