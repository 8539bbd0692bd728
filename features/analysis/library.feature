Feature: The statistics as a library
  The product's statistics can be used from code, with types.

  Rule: The built package has an entry of its own

    @spawn @slow
    Example: Another program
      Given a project that has the built package installed
      And a file "use.ts" that says:
        """
        import { betaReg, nctCdf, tQuantile, type Tails } from "counterbalance/statistics";
        const tails: Tails = betaReg(0.5, 2, 3);
        console.log(tQuantile(0.975, 10).toFixed(6), nctCdf(1, 10, 0.5).toFixed(6), tails.lower.toFixed(4));
        """
      When its "use.ts" is checked and run
      Then it prints "2.228139 0.678631 0.6875"
